#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: downloads that their users end: curl and wget by SIGINT, a Python
# program that handles it, nc by SIGTERM; the server goes on.
# usage: downloads-interrupted.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"
LAB_FLAGS="-f -tt -s 64 -e $LAB_CALLS"
fault_init downloads-interrupted "$1"
LAB_FLAGS="-f -tt -s 64 -e $LAB_CALLS"
nginx_conf 80 off "location /big.txt { limit_rate 20k; }"
fault_serve 80 nginx -c "$LAB_WORK/nginx.conf"
fault_client "timeout -s INT 1 curl -q -sS -o /dev/null http://$srv/big.txt
timeout -s INT 1 wget --no-config -q -O /dev/null http://$srv/big.txt
timeout -s INT 1 python3 -c '
import sys, urllib.request
try:
    f = urllib.request.urlopen(\"http://$srv/big.txt\")
    while f.read(1000):
        pass
except KeyboardInterrupt:
    f.close()
    sys.exit(130)
'
(printf 'GET /big.txt HTTP/1.0\\r\\n\\r\\n'; sleep 2) | timeout 1 nc $srv 80 >/dev/null
curl -q -sS http://$srv/"
fault_end QUIT
