#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A client asks redis for a value and closes after half of the answer.
# usage: unread-data-redis.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init unread-data-redis "$1"
fault_serve 6379 redis-server --port 6379 --bind "$srv" --save '' \
    --protected-mode no --dir "$LAB_WORK"
fault_client "redis-cli -h $srv set value \
'a value of some length, long enough to be read in two parts'; \
$act tcp connect=$srv:6379 'send=get value
' sleep=200 read=30 close"
sleep 0.5
fault_end TERM
