#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: readers that stop for two seconds with megabytes outstanding, and
# then read all of it: socat into a pipe, and curl with a limited rate.
# usage: slow-reader-catches-up.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init slow-reader-catches-up "$1"
LAB_FLAGS='-f -ttt -T -yy -s 16 -e trace=%network,read,write,close,poll,sendfile,writev,epoll_wait,epoll_ctl,exit_group,clone'
nginx_conf 80 on
head -c 6000000 /dev/zero >www/zeros
lab_row client file.trace
fault_serve 80 nginx -c "$LAB_WORK/nginx.conf"
lab_trace_bg client file.trace -- sh -c \
    'socat -u -b 65536 TCP-LISTEN:7000 STDOUT | (sleep 2; cat >/dev/null)'
reader=$LAB_PID
lab_wait_port client 7000
lab_row server send.trace
lab_trace server send.trace -- socat -u -b 65536 FILE:www/zeros "TCP:$cli:7000"
lab_wait "$reader"
fault_client "curl -q -s --limit-rate 3000000 http://$srv/zeros >/dev/null"
fault_end QUIT
