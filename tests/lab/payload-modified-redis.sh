#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The router replaces a word in a request to redis; the reply to the second
# command shows it.
# usage: payload-modified-redis.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init payload-modified-redis "$1"
fault_rewriter 'to be or not' 'to do or not'
fault_serve 6379 redis-server --port 6379 --bind "$srv" --save '' \
    --protected-mode no --dir "$LAB_WORK"
fault_client "redis-cli -h $srv set line 'to be or not to be'; \
redis-cli -h $srv get line; redis-cli -h $srv strlen line"
fault_end TERM
