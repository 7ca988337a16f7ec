#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# nginx listens on 80 and 8080; the router drops what goes to 8080. curl
# reaches 80, gives up on 8080 twice, and reaches 80 again.
# usage: firewall-drop-one-port-curl.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init firewall-drop-one-port-curl "$1"
nginx_conf '80; listen 8080' off
fault_filter -p tcp --dport 8080 -j DROP
fault_serve 80 nginx -c "$LAB_WORK/nginx.conf"
fault_client "curl -sS http://$srv/; \
curl -sS --connect-timeout 3 http://$srv:8080/; \
curl -sS --connect-timeout 3 http://$srv:8080/; curl -sS http://$srv/"
fault_end QUIT
