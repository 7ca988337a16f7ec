#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# nginx's workers may not read one of the files: 403. Another is served.
# usage: permission-denied-nginx.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init permission-denied-nginx "$1"
nginx_conf 80 off
echo secret >www/plan.html
chmod 600 www/plan.html
fault_serve 80 nginx -c "$LAB_WORK/nginx.conf"
fault_client "curl -q -sS http://$srv/index.html http://$srv/plan.html"
fault_end QUIT
