#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# curl asks for http://0.0.0.0/ on the host of the server: it is answered, as
# Linux takes that address for the host itself.
# usage: wildcard-destination-curl.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init wildcard-destination-curl "$1"
lab_row server local.trace
nginx_conf 80 off
fault_serve 80 nginx -c "$LAB_WORK/nginx.conf"
lab_trace server local.trace -- curl -q -sS http://0.0.0.0/
fault_client "curl -q -sS http://$srv/"
fault_end QUIT
