#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: curl asks squid for nginx' pages, four at once and some twice,
# over three hosts; curl's first lines and annotations only.
# usage: squid-nginx.sh OUTDIR

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/nginx-lib.sh"
. "$(dirname "$0")/squid-lib.sh"
LAB_FLAGS="-f -ttt -yy -s 300 -e $LAB_CALLS"
lab_init squid "$1"
lab_host server
lab_host proxy
lab_host client
nginx_conf 80 on
for i in 1 2 3 4; do
	seq "$((i * 300))" >"www/$i.txt"
done
squid_conf
lab_trace_bg server server.trace -- nginx -c "$LAB_WORK/nginx.conf"
srv=$LAB_PID
lab_wait_port server 80
lab_trace_bg proxy proxy.trace -- squid -N -n lab -f "$LAB_WORK/squid.conf"
front=$LAB_PID
lab_wait_port proxy 3128
url=http://$(lab_addr server)
lab_trace client client.trace -- curl -q -sSf -Z --parallel-immediate \
    -x "http://$(lab_addr proxy):3128" "$url/[1-4].txt" "$url/[1-2].txt"
lab_stop "$front"
lab_stop "$srv" QUIT
lab_row server server.trace
lab_row proxy proxy.trace
lab_row client client.trace
