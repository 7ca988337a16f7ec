#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The last link to the client carries 1280 bytes and the router tells nobody. The
# server is blocked in one large send of what the client waits for; the client
# gives up after three seconds and closes, while the send goes on to the end.
# usage: mtu-tcp-send-blocked.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init mtu-tcp-send-blocked "$1"
lab_in router ip link set to-client mtu 1280
lab_in router iptables -A OUTPUT -p icmp -j DROP
fault_serve 7010 "$act" tcp reuse bind=0.0.0.0:7010 listen=5 accept=1 \
    recv=100 send=length poll=5000 recv=100 fill=3000000 close
fault_client "$act tcp connect=$srv:7010 send=head recv=100 send=body \
poll=3000 close"
sleep 2
fault_end TERM
