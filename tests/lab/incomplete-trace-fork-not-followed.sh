#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A server that forks for each connection, strace without -f: the accepts are
# traced, what the children do is not. Everything works.
# usage: incomplete-trace-fork-not-followed.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init incomplete-trace-fork-not-followed "$1"
LAB_FLAGS_F=$LAB_FLAGS
LAB_FLAGS=${LAB_FLAGS#-f}
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 repeat=3 \
    accept=1 fork @0 close @1 recv=100 fill=200 recv=100 close end close @0 \
    wait end
LAB_FLAGS=$LAB_FLAGS_F
fault_client "for i in 1 2 3; do \
$act tcp connect=$srv:7000 send=hello recvall=200 close; done"
lab_wait "$server_pid"
