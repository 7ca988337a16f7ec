#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: checks that connect to redis and close, with a PING or without a
# word; a client that is told to QUIT; and at the end redis-cli SHUTDOWN,
# which is answered by the end of the connection.
# usage: health-checks-redis.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init health-checks-redis "$1"
fault_serve 6379 redis-server --port 6379 --bind '*' --save '' \
    --protected-mode no --dir "$LAB_WORK"
fault_client "for i in 1 2 3; do
nc -z $srv 6379
redis-cli -h $srv ping
bash -c 'exec 3<>/dev/tcp/$srv/6379; exec 3<&-'
done
printf 'QUIT\r\n' | nc -q 1 $srv 6379
redis-cli -h $srv shutdown nosave"
lab_wait "$server_pid"
