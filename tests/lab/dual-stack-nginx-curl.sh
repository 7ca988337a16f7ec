#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: nginx listens on [::] for both families; curl comes by IPv4, by
# IPv6, and by a name that has an address of each (happy eyeballs).
# usage: dual-stack-nginx-curl.sh OUTDIR

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/nginx-lib.sh"
LAB_FLAGS='-f -ttt -T -yy -s 4096'
lab_init nginx-dual "$1"
lab_host server
lab_host client
nginx_conf '[::]:80 ipv6only=off' off
lab_hosts_line client "$(lab_addr server) www.example.com"
lab_hosts_line client "$(lab_addr6 server) www.example.com"

lab_trace_bg server server.trace -- nginx -c "$LAB_WORK/nginx.conf"
srv=$LAB_PID
lab_wait_port server 80
lab_trace client client-ipv4.trace -- curl -q -sSf \
    "http://$(lab_addr server)/"
lab_trace client client-ipv6.trace -- curl -q -sSf \
    "http://[$(lab_addr6 server)]/"
lab_trace client client-name.trace -- curl -q -sSf \
    http://www.example.com/ http://www.example.com/
lab_stop "$srv" QUIT
lab_row server server.trace
lab_row client client-ipv4.trace
lab_row client client-ipv6.trace
lab_row client client-name.trace
