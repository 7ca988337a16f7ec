#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# socat receives with a block size of 64 what another socat sends in
# datagrams of up to 200 bytes.
# usage: datagram-truncated-socat.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init datagram-truncated-socat "$1"
fault_serve_udp 4000 socat -u -b 64 "UDP-RECV:4000,bind=$srv" \
    OPEN:received,creat
mkfifo lines
for n in 20 200 30 150 100; do
	printf "sample %${n}d\n" "$n"
	sleep 0.1
done >lines &
fault_client "socat -u - UDP-SENDTO:$srv:4000 <lines"
sleep 1
fault_end TERM
