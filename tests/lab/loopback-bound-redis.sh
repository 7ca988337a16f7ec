#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# redis-server as packaged listens on 127.0.0.1; a client on the server's own
# host works, one on another host does not.
# usage: loopback-bound-redis.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init loopback-bound-redis "$1"
lab_row server local.trace
fault_serve 6379 redis-server --port 6379 --bind 127.0.0.1 --save '' \
    --dir "$LAB_WORK"
lab_trace server local.trace -- redis-cli set greeting hello
fault_client "redis-cli -h $srv get greeting"
fault_end TERM
