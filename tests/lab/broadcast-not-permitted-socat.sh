#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# socat sends to its network's broadcast address without the option broadcast.
# usage: broadcast-not-permitted-socat.sh OUTDIR

# shellcheck disable=SC2016 # another program expands it
. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 200 -e $LAB_CALLS"
fault_lan broadcast-not-permitted-socat "$1"
fault_serve_udp 5516 socat -T2 -u UDP-RECV:5516 STDOUT
fault_client 'for i in 1 2; do echo "wake up $i" | socat -u STDIN UDP-SENDTO:10.9.0.255:5516; done'
lab_wait "$server_pid"
