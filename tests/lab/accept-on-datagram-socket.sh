#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A server takes a datagram socket for a listening one: listen and accept fail
# with EOPNOTSUPP.
# usage: accept-on-datagram-socket.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init accept-on-datagram-socket "$1"
fault_serve_udp 7000 "$act" udp bind=0.0.0.0:7000 listen=5 accept=1 \
    @0 recvfrom=100 reply=5 close
fault_client "$act udp sendto=$srv:7000/20 recv=100 close"
lab_wait "$server_pid"
