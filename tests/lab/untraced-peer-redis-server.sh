#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Only the redis server is traced; its clients on the other host are not.
# Everything works.
# usage: untraced-peer-redis-server.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_hosts untraced-peer-redis-server "$1"
lab_row server server.trace
fault_serve 6379 redis-server --port 6379 --bind "$srv" --save '' \
    --protected-mode no --dir "$LAB_WORK"
lab_in client redis-cli -h "$srv" set greeting hello
lab_in client redis-cli -h "$srv" get greeting
fault_end TERM
