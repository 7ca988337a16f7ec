#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The router drops every fifth datagram at random. socat sends 100 lines,
# each in a datagram, to a socat that appends them to a file.
# usage: datagram-loss-socat.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init datagram-loss-socat "$1"
fault_filter -p udp -m statistic --mode random --probability 0.2 -j DROP
fault_serve_udp 4000 socat -u "UDP-RECV:4000,bind=$srv" OPEN:received,creat
mkfifo lines
for i in $(seq 100); do
	echo "sample number $i"
	sleep 0.02
done >lines &
fault_client "socat -u - UDP-SENDTO:$srv:4000 <lines"
sleep 2
fault_end TERM
