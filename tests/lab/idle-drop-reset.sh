#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A client keeps a web connection quiet for 32 seconds, of which the router
# forgets it after 20; it answers the next request with a reset.
# usage: idle-drop-reset.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init idle-drop-reset "$1"
LAB_FLAGS="-f -ttt -T -yy -s 512 -e $LAB_CALLS"
lab_py idle_http
fault_stateful 20 REJECT --reject-with tcp-reset
nginx_conf 80 off
fault_serve 80 nginx -c "$LAB_WORK/nginx.conf"
fault_client "exec /usr/bin/python3 -BIS idle_http.py $srv 80 32"
sleep 2
fault_end QUIT
