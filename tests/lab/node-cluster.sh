#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: a Node cluster of three workers, whose primary passes them the
# connections it accepts, and a client with keep-alive and parallel posts.
# usage: node-cluster.sh OUTDIR

. "$(dirname "$0")/lib.sh"
lab_init node-cluster "$1"
lab_host server
lab_host client
cp "$LAB_SRC/cluster.js" .
node=$(command -v node)
lab_trace_bg server server.trace -f -ttt -T -yy -s 512 -e "$LAB_CALLS" -- \
    "$node" cluster.js server 8080 3
srv=$LAB_PID
lab_wait_port server 8080
lab_wait_for grep -q 'ready 3' server.trace.out
lab_trace client client.trace -f -ttt -T -yy -s 512 -e "$LAB_CALLS" -- \
    "$node" cluster.js client "$(lab_addr server)" 8080 24
grep -q 'answers 48' client.trace.out
lab_stop "$srv"
lab_row server server.trace
lab_row client client.trace
