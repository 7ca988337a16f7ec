#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Calls on sockets that are in nobody's list: preadv2 and pwritev2 carry an
# exchange, process_madvise (one that this strace has a name for, and the
# model has not) and flock are tried on the socket.
# usage: unknown-calls.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init unknown-calls "$1"
lab_py odd_calls
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 accept=1 \
    recv=100 send=welcome recv=100 close
LAB_FLAGS='-f -ttt -T -yy -s 512 -e trace=%network,%process,preadv2,pwritev2'
LAB_FLAGS+=',close,flock,vmsplice,process_madvise'
lab_trace client client.trace -- python3 odd_calls.py "$srv" 7000
lab_wait "$server_pid"
