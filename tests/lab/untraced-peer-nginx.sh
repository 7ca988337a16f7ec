#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Only curl is traced; nginx on the other host is not, and hosts.csv does not
# name that host. Everything works.
# usage: untraced-peer-nginx.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_hosts untraced-peer-nginx "$1"
lab_row client client.trace
nginx_conf 80 off 'location /post { return 200 "thank you\n"; }'
lab_in_bg server nginx -c "$LAB_WORK/nginx.conf"
lab_wait_port server 80
fault_client "curl -sS http://$srv/ http://$srv/; \
curl -sS -d name=value http://$srv/post"
kill -QUIT "$LAB_PID"
