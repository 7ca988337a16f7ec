#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: nc to a socat relay (a child process a connection) to redis, on a
# host each, all traced.
# usage: socat-relay.sh OUTDIR

. "$(dirname "$0")/lib.sh"
lab_init socat "$1"
lab_host server
lab_host relay
lab_host client
lab_trace_bg server server.trace -- redis-server --port 6379 \
    --bind 0.0.0.0 --protected-mode no --save '' --dir "$LAB_WORK"
srv=$LAB_PID
lab_wait_port server 6379
lab_trace_bg relay relay.trace -- socat TCP-LISTEN:7021,fork,reuseaddr \
    "TCP:$(lab_addr server):6379"
relay=$LAB_PID
lab_wait_port relay 7021
for i in 1 2; do
	lab_trace client "client-$i.trace" -- sh -c "printf \
	    'SET key value$i\r\nGET key\r\nQUIT\r\n' |
	    nc $(lab_addr relay) 7021"
	grep -q "value$i" "client-$i.trace.out"
done
sleep 0.7
lab_stop "$relay"
lab_stop "$srv"
lab_row server server.trace
lab_row relay relay.trace
lab_row client client-1.trace
lab_row client client-2.trace
