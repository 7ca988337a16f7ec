#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# nginx closes without an answer what it does not want (return 444); two wget
# ask for it, one for a page that there is.
# usage: closed-without-reply-nginx.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init closed-without-reply-nginx "$1"
nginx_conf 80 off 'location /private { return 444; }'
fault_serve 80 nginx -c "$LAB_WORK/nginx.conf"
fault_client "wget -q -O- http://$srv/index.html
wget -q -t 2 --no-config -O- http://$srv/private/list"
fault_end QUIT
