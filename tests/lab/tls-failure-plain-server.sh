#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# https to a port where python serves plain HTTP.
# usage: tls-failure-plain-server.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init tls-failure-plain-server "$1"
LAB_FLAGS+=' -s 700'
mkdir -p www
fault_serve 8080 /usr/bin/python3 -BIS -m http.server -d "$LAB_WORK/www" 8080
lab_trace client client.trace -f -ttt -T -yy -s 700 -e "$LAB_CALLS" -- \
    curl -q -sS -k "https://$srv:8080/" || :
fault_end TERM
