#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A client sends datagrams as if they were a stream: one of them is larger
# than any can be (EMSGSIZE).
# usage: datagram-too-large-send.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init datagram-too-large-send "$1"
fault_serve_udp 7000 "$act" udp bind=0.0.0.0:7000 recvfrom=100 reply=5 \
    timeout=1000 recvfrom=65536 close
fault_client "$act udp sendto=$srv:7000/20 recv=100 sendto=$srv:7000/70000 close"
lab_wait "$server_pid"
