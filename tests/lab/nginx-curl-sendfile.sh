#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: nginx that serves files with sendfile, so that the server's trace
# has no payload of the bodies; short strings, wall-clock times.
# usage: nginx-curl-sendfile.sh OUTDIR

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/nginx-lib.sh"
LAB_FLAGS='-f -tt -T -yy -s 512'
lab_init nginx "$1"
lab_host server
lab_host client
nginx_conf 8080 on

lab_trace_bg server server.trace -- nginx -c "$LAB_WORK/nginx.conf"
srv=$LAB_PID
lab_wait_port server 8080
url=http://$(lab_addr server):8080
lab_trace client client.trace -- curl -q -sS -Z --parallel-immediate \
    "$url/" "$url/big.txt" "$url/big.txt" -o index.copy -o one.copy \
    -o two.copy
cmp www/big.txt one.copy
cmp www/big.txt two.copy
lab_stop "$srv" QUIT
lab_row server server.trace
lab_row client client.trace
