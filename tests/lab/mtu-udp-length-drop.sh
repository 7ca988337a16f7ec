#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The router drops packets longer than 1000 bytes silently. The client sends
# datagrams of many sizes, the server answers each that arrives.
# usage: mtu-udp-length-drop.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init mtu-udp-length-drop "$1"
fault_filter -m length --length 1001:65535 -j DROP
fault_serve_udp 4000 "$act" udp "bind=$srv:4000" timeout=5000 loop \
    recvfrom=4000 reply=20 end close
fault_client "$act udp connect=$srv:4000 timeout=300 repeat=4 \
fill=100 recv=100 fill=500 recv=100 fill=900 recv=100 \
fill=1200 recv=100 fill=200 recv=100 fill=1400 recv=100 fill=50 recv=100 \
end close"
lab_wait "$server_pid"
