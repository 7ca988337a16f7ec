#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A client keeps a web connection quiet for 32 seconds, of which the router
# forgets it after 20; its next request is sent again and again, until its
# kernel gives up.
# usage: idle-drop-times-out.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init idle-drop-times-out "$1"
LAB_FLAGS="-f -ttt -T -yy -s 512 -e $LAB_CALLS"
lab_py idle_http
lab_in client sysctl -qw net.ipv4.tcp_retries2=3
fault_stateful 20 DROP
nginx_conf 80 off
fault_serve 80 nginx -c "$LAB_WORK/nginx.conf"
fault_client "exec /usr/bin/python3 -BIS idle_http.py $srv 80 32"
sleep 2
fault_end QUIT
