#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A shell client reads the first 100 bytes of nginx's answer with head and
# closes the connection.
# usage: unread-data-head.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init unread-data-head "$1"
nginx_conf 80 off
head -c 400 www/big.txt >www/page.txt
fault_serve 80 nginx -c "$LAB_WORK/nginx.conf"
lab_trace client client.trace -- bash -c "exec 3<>/dev/tcp/$srv/80
printf 'GET /page.txt HTTP/1.1\r\nHost: $srv\r\n\r\n' >&3
head -c 100 <&3
exec 3<&- 3>&-"
sleep 0.5
fault_end QUIT
