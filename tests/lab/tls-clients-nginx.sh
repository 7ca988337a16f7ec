#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: TLS 1.2 and 1.3 between nginx and curl, wget (GnuTLS), python, which
# ends without a closing alert, node and openssl, which asks for nothing; and a
# check that connects and closes.
# usage: tls-clients-nginx.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/tls-lib.sh"
fault_init tls-clients-nginx "$1"
tls_cert cert server.example
tls_nginx 'keepalive_timeout 1s;'
url=https://server.example/
cat >get.py <<PY
import http.client, socket, ssl, time
c = ssl.create_default_context(cafile='$LAB_WORK/cert.pem')
s = c.wrap_socket(socket.create_connection(('$srv', 443)),
                  server_hostname='server.example')
s.sendall(b'GET / HTTP/1.1\r\nHost: server.example\r\n\r\n')
s.recv(4096)
time.sleep(1.5)
s.close()
PY
lab_hosts_line client "$srv server.example"
lab_trace client client.trace -f -ttt -T -yy -s 300 -e "$LAB_CALLS" -- sh -c "
curl -q -sS --cacert cert.pem --tls-max 1.2 $url
curl -q -sS --cacert cert.pem $url
wget -q --no-config -O- --ca-certificate=cert.pem $url
/usr/bin/python3 -BIS get.py
node -e 'require(\"https\").get({host: \"$srv\", rejectUnauthorized: false},
    (a) => a.resume())'
openssl s_client -connect $srv:443 </dev/null
nc -z $srv 443"
fault_end QUIT
