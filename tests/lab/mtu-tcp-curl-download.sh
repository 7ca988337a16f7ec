#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The router drops packets longer than 600 bytes silently: on a kept-alive
# connection a small page arrives, a large one never does. Two such curl.
# usage: mtu-tcp-curl-download.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init mtu-tcp-curl-download "$1"
nginx_conf 80 off
fault_filter -m length --length 601:65535 -j DROP
head -c 5000 www/big.txt >www/page.txt
fault_serve 80 nginx -c "$LAB_WORK/nginx.conf"
fault_client "curl -sS -m 12 http://$srv/ http://$srv/page.txt & \
curl -sS -m 12 http://$srv/ http://$srv/page.txt; wait"
fault_end TERM
