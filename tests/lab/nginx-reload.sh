#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: nginx is told to reload while a client keeps a connection and
# another one fetches slowly; old workers finish, new ones take over.
# usage: nginx-reload.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 128 -e $LAB_CALLS"
fault_init nginx-reload "$1"
nginx_conf 80 on 'keepalive_timeout 20;' 'location /big.txt { limit_rate 60k; }'
fault_serve 80 nginx -c "$LAB_WORK/nginx.conf"
(sleep 1.2; kill -HUP "$(cat nginx.pid)") &
fault_client "curl -q -sS -o /dev/null http://$srv/big.txt &
python3 -c '
import http.client, time
c = http.client.HTTPConnection(\"$srv\")
for i in range(4):
    c.request(\"GET\", \"/index.html\")
    print(c.getresponse().read())
    time.sleep(0.7)
'; wait; curl -q -sS http://$srv/"
fault_end QUIT
