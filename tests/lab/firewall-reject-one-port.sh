#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# nginx listens on 80 and 8080; the router rejects 8080 with ICMP port
# unreachable, so that connect is refused although nginx listens.
# usage: firewall-reject-one-port.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init firewall-reject-one-port "$1"
nginx_conf '80; listen 8080' off
fault_filter -p tcp --dport 8080 -j REJECT
fault_serve 80 nginx -c "$LAB_WORK/nginx.conf"
fault_client "curl -sS http://$srv/; curl -sS http://$srv:8080/; sleep 1; \
curl -sS http://$srv:8080/; sleep 1; curl -sS http://$srv:8080/; \
curl -sS http://$srv/"
fault_end QUIT
