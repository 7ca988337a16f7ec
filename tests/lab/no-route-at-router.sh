#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The router has no way to the server and says so: EHOSTUNREACH.
# usage: no-route-at-router.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init no-route-at-router "$1"
nginx_conf 80 off
lab_in router ip route add unreachable "$srv/32"
fault_serve 80 nginx -c "$LAB_WORK/nginx.conf"
fault_client "curl -sS http://$srv/; echo hello | socat - TCP:$srv:80"
fault_end QUIT
