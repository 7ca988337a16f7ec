#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A thread blocks in a large send as the peer does not read; another thread
# closes the descriptor. The peer reads 3 s later.
# usage: close-while-blocked-send.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init close-while-blocked-send "$1"
LAB_FLAGS="-f -ttt -T -yy -s 32"
fault_serve 9910 "$act" tcp reuse bind=0.0.0.0:9910 listen=5 \
    accept=1 recv=10 sndbuf=20000 thread fill=900000 end sleep=500 close join
fault_client "$act tcp rcvbuf=20000 connect=$srv:9910 \
send=go sleep=3500 recvall=900000 close"
lab_wait "$server_pid"
