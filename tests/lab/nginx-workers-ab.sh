#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: nginx with four workers and threads for its files; ab keeps 8
# connections open, then opens one a request. Payloads cut, entry times only.
# usage: nginx-workers-ab.sh OUTDIR

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/nginx-lib.sh"
lab_init nginx-ab "$1"
lab_host server
lab_host client
nginx_conf '80' on 'aio threads;' 'keepalive_requests 7;'
sed -i 's/^worker_processes.*/worker_processes 4;/' nginx.conf
head -c 20000 www/big.txt >www/some.txt

lab_trace_bg server server.trace -f -tt -yy -s 96 -e "$LAB_CALLS" -- \
    nginx -c "$LAB_WORK/nginx.conf"
srv=$LAB_PID
lab_wait_port server 80
url=http://$(lab_addr server)
lab_trace client client.trace -f -tt -yy -s 96 -e "$LAB_CALLS" -- \
    ab -q -k -n 120 -c 8 "$url/some.txt"
lab_trace client client-new.trace -f -tt -yy -s 96 -e "$LAB_CALLS" -- \
    ab -q -n 60 -c 6 "$url/index.html"
grep -q 'Failed requests:        0' client.trace.out
grep -q 'Failed requests:        0' client-new.trace.out
lab_stop "$srv" QUIT
lab_row server server.trace
lab_row client client.trace
lab_row client client-new.trace
