#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# nginx's workers serve curl, but strace was started without -f: the server's
# trace has the master only. Everything works.
# usage: incomplete-trace-server-not-followed.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init incomplete-trace-server-not-followed "$1"
nginx_conf 80 off
LAB_FLAGS_F=$LAB_FLAGS
LAB_FLAGS=${LAB_FLAGS#-f}
fault_serve 80 nginx -c "$LAB_WORK/nginx.conf"
LAB_FLAGS=$LAB_FLAGS_F
fault_client "curl -sS http://$srv/ http://$srv/; curl -sS http://$srv/"
fault_end QUIT
