#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: wget and curl go through tinyproxy, a process with a thread a
# connection; a CONNECT that is refused by the proxy's own rule.
# usage: tinyproxy-nginx.sh OUTDIR

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/nginx-lib.sh"
LAB_FLAGS="-f -tt -T -s 200 -e $LAB_CALLS"
lab_init tinyproxy "$1"
lab_host server
lab_host proxy
lab_host client
nginx_conf 80 off
cat >tinyproxy.conf <<CONF
User nobody
Group nogroup
Port 8888
Timeout 20
MaxClients 10
LogFile "$LAB_WORK/log"
ConnectPort 443
CONF
chmod 777 .
lab_trace_bg server server.trace -- nginx -c "$LAB_WORK/nginx.conf"
srv=$LAB_PID
lab_wait_port server 80
lab_trace_bg proxy proxy.trace -- tinyproxy -d -c "$LAB_WORK/tinyproxy.conf"
front=$LAB_PID
lab_wait_port proxy 8888
proxy=http://$(lab_addr proxy):8888
url=http://$(lab_addr server)
lab_trace client client.trace -- sh -c "curl -q -sS -x $proxy $url/ $url/
http_proxy=$proxy wget --no-config -q -O /dev/null $url/index.html"
lab_stop "$front"
lab_stop "$srv" QUIT
lab_row server server.trace
lab_row proxy proxy.trace
lab_row client client.trace
