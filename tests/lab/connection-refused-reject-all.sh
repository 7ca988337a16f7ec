#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The router rejects all that goes to the server, which listens from before
# the first attempt until after the last.
# usage: connection-refused-reject-all.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init connection-refused-reject-all "$1"
nginx_conf 80 off
fault_filter -d "$srv" -j REJECT
fault_serve 80 nginx -c "$LAB_WORK/nginx.conf"
sleep 1
fault_client "curl -sS http://$srv/; sleep 1; curl -sS http://$srv/; sleep 1; \
curl -sS http://$srv/; sleep 1; curl -sS http://$srv/"
sleep 1
fault_end QUIT
