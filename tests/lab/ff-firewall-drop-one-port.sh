#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# firewall-drop-one-port-curl.sh, recorded with a file a process (strace -ff):
# nginx listens on 80 and 8080; the router drops what goes to 8080.
# usage: ff-firewall-drop-one-port.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS=${LAB_FLAGS/-f /-ff }
fault_hosts ff-firewall "$1"
lab_row server 'server.trace.*'
lab_row client 'client.trace.*'
nginx_conf '80; listen 8080' off
fault_filter -p tcp --dport 8080 -j DROP
fault_serve 80 nginx -c "$LAB_WORK/nginx.conf"
fault_client "curl -sS http://$srv/; \
curl -sS --connect-timeout 3 http://$srv:8080/; \
curl -sS --connect-timeout 3 http://$srv:8080/; curl -sS http://$srv/"
fault_end QUIT
