#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The router masquerades what the client sends; four requests with bodies
# both ways. hosts.csv does not say so.
# usage: nat-undeclared-curl.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init nat-undeclared-curl "$1"
nginx_conf 80 off 'location /post { return 200 "thank you\n"; }'
lab_in router iptables -t nat -A POSTROUTING -s "$cli" -o to-server \
    -j MASQUERADE
fault_serve 80 nginx -c "$LAB_WORK/nginx.conf"
fault_client "curl -sS http://$srv/; curl -sS -d name=first http://$srv/post; \
curl -sS -d name=second http://$srv/post; curl -sS http://$srv/"
fault_end QUIT
