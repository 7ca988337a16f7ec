#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The router replaces a word in the page that nginx sends.
# usage: payload-modified-http.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init payload-modified-http "$1"
nginx_conf 80 off
fault_rewriter 'hello' 'jello'
fault_serve 80 nginx -c "$LAB_WORK/nginx.conf"
fault_client "curl -sS http://$srv/; curl -sS http://$srv/"
fault_end QUIT
