#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The router forwards what comes for the log's virtual address, UDP port 514,
# to the server's port 5514.
# usage: port-forwarding-udp.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init port-forwarding-udp "$1"
LAB_FLAGS="-f -ttt -T -yy -s 512 -e $LAB_CALLS"
lab_in router iptables -t nat -A PREROUTING -i to-client -p udp \
    -d 10.99.0.1 --dport 514 -j DNAT --to "$srv:5514"
fault_serve_udp 5514 "$act" udp bind=0.0.0.0:5514 repeat=4 recvfrom=512 \
    reply=6 end close
fault_client "$act udp bind=0.0.0.0:0 repeat=4 sendto=10.99.0.1:514/60 \
recvfrom=100 end close"
lab_wait "$server_pid"
