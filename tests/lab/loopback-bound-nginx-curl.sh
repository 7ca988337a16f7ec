#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# nginx listens on 127.0.0.1 only; curl on another host asks for its page.
# usage: loopback-bound-nginx-curl.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init loopback-bound-nginx-curl "$1"
nginx_conf 127.0.0.1:80 off
fault_serve 80 nginx -c "$LAB_WORK/nginx.conf"
fault_client "curl -q -sS http://$srv/; sleep 1; curl -sS http://$srv/"
fault_end QUIT
