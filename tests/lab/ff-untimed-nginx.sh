#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: nginx with two workers on one listener, curl with six parallel
# connections, all of it twice; a file a process (strace -ff) with annotations
# and no times.
# usage: ff-untimed-nginx.sh OUTDIR

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/nginx-lib.sh"
LAB_FLAGS="-ff -yy -s 2048 -e $LAB_CALLS"
lab_init ff-nginx "$1"
lab_host server
lab_host client
nginx_conf 80 off

lab_trace_bg server server.trace -- nginx -c "$LAB_WORK/nginx.conf"
srv=$LAB_PID
lab_wait_port server 80
url=http://$(lab_addr server)/index.html
lab_trace client client.trace -- sh -c \
    "curl -q -sSf -Z --parallel-immediate '$url?[1-6]'
curl -q -sSf -Z --parallel-immediate '$url?[1-6]'"
[ "$(grep -c 'hello from' client.trace.out)" = 12 ]
lab_stop "$srv" QUIT
lab_row server 'server.trace.*'
lab_row client 'client.trace.*'
