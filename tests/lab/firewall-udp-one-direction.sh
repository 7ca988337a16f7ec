#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Both hosts send each other ten datagrams and wait for the other's; the
# router drops those of the client.
# usage: firewall-udp-one-direction.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init firewall-udp-one-direction "$1"
fault_filter -p udp -s "$cli" -j DROP
fault_serve_udp 5000 "$act" udp "bind=$srv:5000" sleep=1000 \
    "connect=$cli:5000" thread repeat=10 fill=100 sleep=300 end end poll=5000
fault_client "$act udp bind=$cli:5000 sleep=400 connect=$srv:5000 \
thread repeat=10 fill=150 sleep=300 end end repeat=10 recv=2000 end join \
sleep=3000 close"
lab_wait "$server_pid"
