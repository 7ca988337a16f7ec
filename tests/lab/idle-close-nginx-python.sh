#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# nginx closes connections that are idle for a second; the client, in python,
# sends its next request on one after two (RemoteDisconnected).
# usage: idle-close-nginx-python.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init idle-close-nginx-python "$1"
LAB_FLAGS+=' -s 300'
lab_py keep_alive
nginx_conf 80 off 'keepalive_timeout 1s;'
fault_serve 80 nginx -c "$LAB_WORK/nginx.conf"
fault_client "/usr/bin/python3 $LAB_WORK/keep_alive.py $srv 2.5"
fault_end QUIT
