#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# python's http.server listens on 8000, which works; the client then tries
# 8001, where nothing listens.
# usage: no-listener-other-port-open.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init no-listener-other-port-open "$1"
LAB_FLAGS+=' -s 300'
mkdir -p www
echo 'hello' >www/index.html
fault_serve 8000 /usr/bin/python3 -m http.server -d www 8000
fault_client "curl -sS http://$srv:8000/; curl -sS http://$srv:8001/; \
curl -sS http://$srv:8001/"
fault_end INT
