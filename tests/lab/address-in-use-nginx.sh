#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A second nginx is started for the port of the first; curl is served by the
# first.
# usage: address-in-use-nginx.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init address-in-use-nginx "$1"
lab_row server second.trace
nginx_conf 80 off
fault_serve 80 nginx -c "$LAB_WORK/nginx.conf"
sed 's/nginx.pid/second.pid/' nginx.conf >second.conf
lab_trace server second.trace -- nginx -c "$LAB_WORK/second.conf" || :
fault_client "curl -q -sS http://$srv/"
fault_end QUIT
