#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: nginx and curl, recorded with no option but -f: no times, no
# descriptor annotations, short strings; and no addresses in the hosts file.
# usage: no-times-no-annotations.sh OUTDIR

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/nginx-lib.sh"
LAB_FLAGS='-f'
lab_init nginx "$1"
lab_host server
lab_host client
nginx_conf 80 off

lab_trace_bg server server.trace -- nginx -c "$LAB_WORK/nginx.conf"
srv=$LAB_PID
lab_wait_port server 80
url=http://$(lab_addr server)
lab_trace client client.trace -- curl -q -sS "$url/" "$url/big.txt" "$url/" \
    -o /dev/null -o big.copy -o /dev/null
cmp www/big.txt big.copy
lab_stop "$srv" QUIT
lab_row server server.trace
lab_row client client.trace
sed -i '2,$s/,[^,]*,$/,,/' "$LAB_OUT/hosts.csv"
