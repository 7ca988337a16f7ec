#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The receiver's buffer holds 100 bytes, the sender's datagrams are larger.
# usage: datagram-truncated-recv.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init datagram-truncated-recv "$1"
fault_serve_udp 4000 "$act" udp "bind=$srv:4000" repeat=4 recvfrom=100 \
    reply=10 end close
fault_client "$act udp connect=$srv:4000 timeout=2000 fill=300 recv=100 \
fill=60 recv=100 fill=512 recv=100 fill=101 recv=100 close"
lab_wait "$server_pid"
