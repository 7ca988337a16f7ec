#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The router masquerades the client with ports of its own choice; redis-cli
# and a shell speak to redis.
# usage: nat-undeclared-redis.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init nat-undeclared-redis "$1"
lab_in router iptables -t nat -A POSTROUTING -p tcp -s "$cli" -o to-server \
    -j MASQUERADE --to-ports 20000-20100
fault_serve 6379 redis-server --port 6379 --bind "$srv" --save '' \
    --protected-mode no --dir "$LAB_WORK"
fault_client "redis-cli -h $srv set first 'one and only'; \
redis-cli -h $srv get first; redis-cli -h $srv append first ' value'; \
redis-cli -h $srv get first"
fault_end TERM
