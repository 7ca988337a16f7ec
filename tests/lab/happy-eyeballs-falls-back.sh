#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: a name has an address of each family, the server listens on IPv4
# only; curl is refused on IPv6, falls back to IPv4 and gets its page.
# usage: happy-eyeballs-falls-back.sh OUTDIR

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/nginx-lib.sh"
LAB_FLAGS='-f -ttt -T -yy -s 4096'
lab_init nginx-fall "$1"
lab_host server
lab_host client
nginx_conf 80 off
lab_hosts_line client "$(lab_addr server) www.example.com"
lab_hosts_line client "$(lab_addr6 server) www.example.com"

lab_trace_bg server server.trace -- nginx -c "$LAB_WORK/nginx.conf"
srv=$LAB_PID
lab_wait_port server 80
lab_trace client client.trace -- curl -q -sSf http://www.example.com/
grep -q 'hello from' client.trace.out
lab_stop "$srv" QUIT
lab_row server server.trace
lab_row client client.trace
