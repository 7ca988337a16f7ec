#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The router drops every fifth datagram at random, in both directions. A
# client sends 80 requests of changing size and reads the answers.
# usage: datagram-loss-echo.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init datagram-loss-echo "$1"
fault_filter -p udp -m statistic --mode random --probability 0.2 -j DROP
fault_serve_udp 4000 "$act" udp "bind=$srv:4000" timeout=3000 loop \
    recvfrom=4000 reply=300 end close
fault_client "$act udp connect=$srv:4000 timeout=100 repeat=20 \
fill=200 recv=1000 fill=40 recv=1000 fill=800 recv=1000 fill=500 recv=1000 \
end sleep=500 close"
lab_wait "$server_pid"
