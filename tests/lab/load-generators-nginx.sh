#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: wrk and siege, which stop in the middle of answers when their time
# is over, ask nginx.
# usage: load-generators-nginx.sh OUTDIR

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/nginx-lib.sh"
LAB_FLAGS="-f -ttt -s 64 -e ${LAB_CALLS/open,openat,/}"
lab_init loads "$1"
lab_host server
lab_host client
nginx_conf 80 on 'limit_rate 8k;'
head -c 9000 www/big.txt >www/some.txt
lab_trace_bg server server.trace -- nginx -c "$LAB_WORK/nginx.conf"
srv=$LAB_PID
lab_wait_port server 80
url=http://$(lab_addr server)/some.txt
mkdir -p .siege
lab_trace client client.trace -- sh -c "wrk -t 1 -c 2 -d 1 $url
siege -q -c 2 -r 2 -b --no-parser $url"
lab_stop "$srv" QUIT
lab_row server server.trace
lab_row client client.trace
