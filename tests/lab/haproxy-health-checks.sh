#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: haproxy checks two servers, one by a connect alone and one by HTTP,
# while a client asks through it; the checks go on while nobody asks.
# usage: haproxy-health-checks.sh OUTDIR

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/nginx-lib.sh"
. "$(dirname "$0")/haproxy-lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 300 -e $LAB_CALLS"
lab_init haproxy-checks "$1"
lab_host server
lab_host proxy
lab_host client
nginx_conf '80; listen 8080' off
haproxy_conf 1 8000 "option httpchk GET /index.html" \
    "server one $(lab_addr server):80 check inter 500" \
    "server two $(lab_addr server):8080 check inter 700" \
    "backend raw" "mode tcp" \
    "server three $(lab_addr server):80 check inter 600"
lab_trace_bg server server.trace -- nginx -c "$LAB_WORK/nginx.conf"
srv=$LAB_PID
lab_wait_port server 80
lab_trace_bg proxy proxy.trace -- haproxy -db -f "$LAB_WORK/haproxy.cfg"
front=$LAB_PID
lab_wait_port proxy 8000
sleep 2
url=http://$(lab_addr proxy):8000
lab_trace client client.trace -- sh -c "curl -q -sS $url/ $url/; sleep 1
curl -q -sS $url/"
sleep 1
lab_stop "$front"
lab_stop "$srv" QUIT
lab_row server server.trace
lab_row proxy proxy.trace
lab_row client client.trace
