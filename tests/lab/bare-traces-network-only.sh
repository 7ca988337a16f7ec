#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: redis and its client, recorded with only -f -e trace=network and
# relative times, so that a close, a read or a write is never seen.
# usage: bare-traces-network-only.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS='-f -r -e trace=network'
lab_init bare "$1"
lab_host server
lab_host client
lab_trace_bg server server.trace -- redis-server --port 6379 \
    --bind 0.0.0.0 --protected-mode no --save '' --dir "$LAB_WORK"
srv=$LAB_PID
lab_wait_port server 6379
for i in 1 2 3; do
	lab_trace client "client-$i.trace" -- redis-cli \
	    -h "$(lab_addr server)" incr counter
	[ "$(cat "client-$i.trace.out")" = "$i" ]
done
lab_stop "$srv"
lab_row server server.trace
for i in 1 2 3; do
	lab_row client "client-$i.trace"
done
