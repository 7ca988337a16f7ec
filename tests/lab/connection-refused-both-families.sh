#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The server's own filter resets all that comes over IPv4 and IPv6; it listens
# with a socket for each family, first IPv6.
# usage: connection-refused-both-families.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init connection-refused-both-families "$1"
LAB_FLAGS="-f -ttt -T -yy -s 512 -e $LAB_CALLS"
lab_in server iptables -A INPUT -i eth0 -p tcp -j REJECT --reject-with tcp-reset
fault_serve 7840 "$act" tcp6 v6only 'bind=[::]:7840' listen=10 \
    @1 tcp bind=0.0.0.0:7840 listen=10 sleep=4000
lab_wait_for lab_in server sh -c 'ss -Hln4t | grep -q 7840'
fault_client "$act repeat=4 tcp connect=$srv:7840 close sleep=500 end"
lab_wait "$server_pid"
