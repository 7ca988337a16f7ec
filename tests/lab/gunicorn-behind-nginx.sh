#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: nginx before gunicorn, over a UNIX-domain socket and over TCP with
# kept connections; a chunked answer, a posted form, one that the client sends
# slowly.
# usage: gunicorn-behind-nginx.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 64 -e ${LAB_CALLS/open,openat,/}"
fault_hosts gunicorn "$1"
lab_host app
nginx_conf 80 off "location /tcp { proxy_http_version 1.1; proxy_set_header Connection ''; proxy_pass http://app; }"
sed -i "s/^server {/upstream app { server $(lab_addr app):8000; keepalive 2; }\nserver {/" nginx.conf
cat >app.py <<'PY'
def application(environ, start):
    n = int(environ.get("CONTENT_LENGTH") or 0)
    body = environ["wsgi.input"].read(n)
    start("200 OK", [("Content-Type", "text/plain")])
    for i in range(3):
        yield b"part %d of %d bytes\n" % (i, len(body))
PY
lab_trace_bg app app.trace -- env PYTHONDONTWRITEBYTECODE=1 python3 -m gunicorn \
    -w 2 -b 0.0.0.0:8000 --keep-alive 5 --worker-tmp-dir "$LAB_WORK" app
app=$LAB_PID
lab_wait_port app 8000
sleep 1
fault_serve 80 nginx -c "$LAB_WORK/nginx.conf"
fault_client "curl -q -sS http://$srv/tcp http://$srv/tcp; curl -q -sS -d a=b http://$srv/tcp
(printf 'POST /tcp HTTP/1.0\r\nContent-Length: 6\r\n\r\nabc'; sleep 1.5; printf def) | nc $srv 80"
[ "$(grep -c 'part 2' client.trace.out)" = 4 ]
lab_stop "$app"
fault_end QUIT
lab_row server server.trace
lab_row app app.trace
lab_row client client.trace
