#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# nginx listens on [::]:80 with IPV6_V6ONLY, its default; the client has an
# IPv4 address only.
# usage: ipv6-only-nginx.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_hosts ipv6-only-nginx "$1"
lab_row server server.trace
echo "client,client.trace,$cli," >>"$LAB_OUT/hosts.csv"
lab_in client ip -6 addr flush dev eth0
nginx_conf '[::]:80' off
fault_serve 80 nginx -c "$LAB_WORK/nginx.conf"
fault_client "curl -q -sS http://$srv/; sleep 1; curl -sS http://$srv/"
fault_end QUIT
