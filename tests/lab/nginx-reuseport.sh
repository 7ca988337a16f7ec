#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: an nginx whose two workers have a listener each on the same port
# (SO_REUSEPORT); curl with six parallel connections.
# usage: nginx-reuseport.sh OUTDIR

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/nginx-lib.sh"
lab_init nginx-reuse "$1"
lab_host server
lab_host client
nginx_conf '80 reuseport' off

lab_trace_bg server server.trace -- nginx -c "$LAB_WORK/nginx.conf"
srv=$LAB_PID
lab_wait_port server 80
url=http://$(lab_addr server)/index.html
lab_trace client client.trace -- curl -q -sSf -Z --parallel-immediate \
    "$url?[1-6]"
[ "$(grep -c 'hello from' client.trace.out)" = 6 ]
lab_stop "$srv" QUIT
lab_row server server.trace
lab_row client client.trace
