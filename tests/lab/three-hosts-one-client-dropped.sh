#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Hosts client, server and other: other reaches the server's redis, client
# reaches other's web server, but all from client to server is dropped.
# usage: three-hosts-one-client-dropped.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init three-hosts-one-client-dropped "$1"
lab_host other
lab_row other other.trace
lab_row other nginx.trace
other=$(lab_addr other)
lab_in client sysctl -qw net.ipv4.tcp_syn_retries=1
fault_filter -s "$cli" -d "$srv" -j DROP
fault_serve 6379 redis-server --port 6379 --bind "$srv" --save '' \
    --protected-mode no --dir "$LAB_WORK"
nginx_conf 80 off
lab_trace_bg other nginx.trace -- nginx -c "$LAB_WORK/nginx.conf"
nginx=$LAB_PID
lab_wait_port other 80
lab_trace other other.trace -- redis-cli -h "$srv" set greeting hello
fault_client "curl -sS http://$other/; \
$act tcp connect=$srv:6379 close tcp connect=$srv:6379 close; \
curl -sS http://$other/"
lab_stop "$nginx" QUIT
fault_end TERM
