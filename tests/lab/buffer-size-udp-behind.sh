#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The server has set SO_RCVBUF to 2048 and is busy for 0.2 s with each datagram;
# most of the 30 that the client sends in a row find the buffer full. Recorded
# without -T.
# usage: buffer-size-udp-behind.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="${LAB_FLAGS/-ttt -T/-tt}"
fault_init buffer-size-udp-behind "$1"
fault_serve_udp 5701 "$act" udp rcvbuf=2048 bind=0.0.0.0:5701 timeout=2000 \
    recvfrom=100 reply=4 loop recv=100 sleep=200 end close
fault_client "$act udp say=$srv:5701/hello recv=100 \
repeat=30 say=$srv:5701/event sleep=10 end close"
lab_wait "$server_pid"
