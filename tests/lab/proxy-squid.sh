#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A client fetches pages through squid, which runs on the router, untraced, and
# has another address on the server's side.
# usage: proxy-squid.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/squid-lib.sh"
fault_init proxy-squid "$1"
LAB_FLAGS="-f -ttt -T -yy -s 400 -e $LAB_CALLS"
nginx_conf 80 off
squid_conf
fault_serve 80 nginx -c "$LAB_WORK/nginx.conf"
lab_in_bg router squid -N -n "$LAB_NS" -f "$LAB_WORK/squid.conf"
lab_wait_port router 3128
fault_client "for i in 1 2; do
	curl -q -sS -x http://${cli%.2}.1:3128 http://$srv/index.html?\$i
done"
fault_end QUIT
