#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: redis-server; redis-cli with single commands and a pipeline of 40,
# redis-benchmark with 8 connections and pipelines of 4.
# usage: redis-pipelining.sh OUTDIR

. "$(dirname "$0")/lib.sh"
lab_init redis "$1"
lab_host server
lab_host client

for i in $(seq 40); do
	printf 'SET key%d value%d\r\nGET key%d\r\n' "$i" "$i" "$i"
done >commands

lab_trace_bg server server.trace -- redis-server --port 6379 \
    --bind 0.0.0.0 --protected-mode no --save '' --dir "$LAB_WORK"
srv=$LAB_PID
lab_wait_port server 6379
lab_trace client client-cli.trace -- redis-cli -h "$(lab_addr server)" \
    set greeting hello
lab_trace client client-pipe.trace -- sh -c \
    "redis-cli -h $(lab_addr server) --pipe <commands"
grep -q 'errors: 0, replies: 80' client-pipe.trace.out
lab_trace client client-bench.trace -- redis-benchmark \
    -h "$(lab_addr server)" -n 120 -c 8 -P 4 -t set,get -q
lab_stop "$srv"
lab_row server server.trace
lab_row client client-cli.trace
lab_row client client-pipe.trace
lab_row client client-bench.trace
