#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The router drops all between the hosts; curl's nonblocking connects are
# given up after 3 s.
# usage: nonblocking-connect-drop-all.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init nonblocking-connect-drop-all "$1"
nginx_conf 80 off
fault_filter -j DROP
fault_serve 80 nginx -c "$LAB_WORK/nginx.conf"
fault_client "curl -sS --connect-timeout 3 http://$srv/; \
curl -sS --connect-timeout 3 http://$srv/"
fault_end QUIT
