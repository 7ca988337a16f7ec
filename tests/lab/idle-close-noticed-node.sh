#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: nginx closes connections that are idle for a second, which node's
# pool sees, and opens another; it closes the last one itself. apachebench and
# HTTP/1.0 clients, which are answered and closed.
# usage: idle-close-noticed-node.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init idle-close-noticed-node "$1"
nginx_conf 80 off 'keepalive_timeout 1s;'
cp "$LAB_SRC/agent.js" "$LAB_WORK/"
fault_serve 80 nginx -c "$LAB_WORK/nginx.conf"
lab_trace client client.trace -f -ttt -T -yy -s 300 -e "$LAB_CALLS" -- \
    sh -c "node $LAB_WORK/agent.js $srv
curl -q -sS -0 http://$srv/index.html"
fault_end QUIT
