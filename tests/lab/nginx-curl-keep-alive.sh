#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: nginx with two workers and curl on another host. Four requests on
# one kept-alive connection, one of them a body of 100 KB, one a 404; two
# more curl processes of which one posts a body. Files are read and written,
# not sent with sendfile, so that every byte stands in the trace.
# usage: nginx-curl-keep-alive.sh OUTDIR

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/nginx-lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 262144 -e $LAB_CALLS"
lab_init nginx "$1"
lab_host server
lab_host client
nginx_conf 80 off 'location /post { return 204; }'
head -c 102400 www/big.txt >www/body.txt

lab_trace_bg server server.trace -- nginx -c "$LAB_WORK/nginx.conf"
srv=$LAB_PID
lab_wait_port server 80
url=http://$(lab_addr server)
lab_trace client client.trace -- curl -q -sS -w '%{http_code}\n' \
    "$url/" "$url/body.txt" "$url/none" "$url/" -o index.copy -o big.copy \
    -o /dev/null -o /dev/null
cmp www/body.txt big.copy
lab_trace client client-post.trace -- curl -q -sS -d name=value "$url/post"
lab_trace client client-head.trace -- curl -q -sS -I "$url/body.txt"
lab_stop "$srv" QUIT
lab_row server server.trace
lab_row client client.trace
lab_row client client-post.trace
lab_row client client-head.trace
