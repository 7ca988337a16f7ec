#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A database client is to use a UNIX socket whose server is gone; only network
# calls are traced, so that its end shows in the tracer's own line alone.
# usage: no-listener-unix-socket.sh OUTDIR

. "$(dirname "$0")/lib.sh"
lab_init no-listener-unix-socket "$1"
lab_host client
python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("db.sock")'
lab_trace client client.trace -f -tt -e trace=network -- \
    redis-cli -s "$LAB_WORK/db.sock" ping || :
lab_row client client.trace
