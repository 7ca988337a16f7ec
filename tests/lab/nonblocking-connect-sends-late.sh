#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# After a nonblocking connect a client does something else for a while and
# then sends, without a look at what came of the connect: it was done.
# usage: nonblocking-connect-sends-late.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init nonblocking-connect-sends-late "$1"
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 accept=1 \
    recv=100 send=welcome recv=100 close
fault_client "$act tcp nonblock connect=$srv:7000 sleep=200 send=hello \
poll=5000 recv=100 close"
lab_wait "$server_pid"
