#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: haproxy with four threads, which accept each other's connections
# and use each other's descriptor numbers again; a file a thread (strace -ff)
# with annotations and no times.  Eight clients at a time, nginx behind it.
# usage: ff-untimed-haproxy.sh OUTDIR

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/nginx-lib.sh"
. "$(dirname "$0")/haproxy-lib.sh"
LAB_FLAGS="-ff -yy -s 400 -e $LAB_CALLS"
lab_init ff-haproxy "$1"
lab_host server
lab_host proxy
lab_host client
nginx_conf 80 off
haproxy_conf 4 8080 "server one $(lab_addr server):80"

lab_trace_bg server server.trace -- nginx -c "$LAB_WORK/nginx.conf"
srv=$LAB_PID
lab_wait_port server 80
lab_trace_bg proxy proxy.trace -- haproxy -db -f "$LAB_WORK/haproxy.cfg"
front=$LAB_PID
lab_wait_port proxy 8080
lab_trace client client.trace -- ab -q -n 40 -c 8 \
    "http://$(lab_addr proxy):8080/"
lab_stop "$front"
lab_stop "$srv" QUIT
lab_row server 'server.trace.*'
lab_row proxy 'proxy.trace.*'
lab_row client 'client.trace.*'
