#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: varnish before nginx: a page from the cache, a page from the server,
# a page that does not exist; the server's health is probed.
# usage: varnish-cache.sh OUTDIR

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/nginx-lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 64 -e trace=network,process,read,write,writev,close,dup2,poll,epoll_wait,epoll_ctl"
LAB_FLAGS="-f -ttt -T -yy -s 64 -e ${LAB_CALLS/open,openat,/}"
lab_init varnish "$1"
lab_host server
lab_host cache
lab_host client
nginx_conf 80 off
cat >default.vcl <<CONF
vcl 4.1;
backend default {
	.host = "$(lab_addr server)";
	.port = "80";
	.probe = { .url = "/"; .interval = 1s; .timeout = 1s; }
}
CONF
mkdir cache
lab_trace_bg server server.trace -- nginx -c "$LAB_WORK/nginx.conf"
srv=$LAB_PID
lab_wait_port server 80
lab_trace_bg cache cache.trace -- varnishd -F -j none -a 0.0.0.0:80 \
    -f "$LAB_WORK/default.vcl" -n "$LAB_WORK/cache" -s malloc,10m \
    -p thread_pool_min=5 -p thread_pools=1 -T none
front=$LAB_PID
lab_wait_port cache 80
sleep 1
url=http://$(lab_addr cache)
lab_trace client client.trace -- curl -q -sS "$url/" "$url/" "$url/none"
lab_stop "$front"
lab_stop "$srv" QUIT
lab_row server server.trace
lab_row cache cache.trace
lab_row client client.trace
