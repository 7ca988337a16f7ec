#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: a router that follows connections for 60 seconds; redis-cli and a
# web client keep theirs quiet for 32, and then use them.
# usage: idle-connection-survives.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init idle-connection-survives "$1"
LAB_FLAGS="-f -ttt -T -yy -s 512 -e $LAB_CALLS"
lab_py idle_http
fault_stateful 60 DROP
nginx_conf 80 off
lab_row server redis.trace
lab_trace_bg server redis.trace -- redis-server --port 6379 --bind "$srv" \
    --save '' --protected-mode no --dir "$LAB_WORK" --hz 1
redis=$LAB_PID
lab_wait_port server 6379
fault_serve 80 nginx -c "$LAB_WORK/nginx.conf"
fault_client "/usr/bin/python3 -BIS idle_http.py $srv 80 32 &
(echo set key value; sleep 32; echo get key) | redis-cli -h $srv
wait"
lab_stop "$redis"
fault_end QUIT
