#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The router drops packets longer than 1000 bytes silently. socat sends lines
# of 30, 1200, 300, 1100 and 600 bytes, each in a datagram, and another
# socat appends what arrives to a file.
# usage: mtu-udp-socat.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init mtu-udp-socat "$1"
fault_filter -p udp -m length --length 1001:65535 -j DROP
fault_serve_udp 4000 socat -u "UDP-RECV:4000,bind=$srv" OPEN:received,creat
mkfifo lines
for i in $(seq 6); do
	for n in 30 1200 300 1100 600; do
		printf "sample %${n}d\n" "$i"
		sleep 0.1
	done
done >lines &
fault_client "socat -u - UDP-SENDTO:$srv:4000 <lines"
sleep 2
fault_end TERM
