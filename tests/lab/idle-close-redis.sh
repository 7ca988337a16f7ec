#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# redis closes what is idle for a second; redis-cli gets no answer to what it
# sends after four, and connects again.
# usage: idle-close-redis.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init idle-close-redis "$1"
fault_serve 6379 redis-server --port 6379 --bind '*' --save '' \
    --protected-mode no --dir "$LAB_WORK" --timeout 1
fault_client "(echo SET a 1; sleep 4; echo GET a) | redis-cli -h $srv"
fault_end TERM
