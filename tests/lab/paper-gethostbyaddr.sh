#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Table 4, gethostbyaddr: the server looks up the name of each of its clients
# before it answers; its resolver never answers.
# usage: paper-gethostbyaddr.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"
fault_hosts paper-gethostbyaddr "$1"
lab_host names
lab_resolv server "$(lab_addr names)"
lab_in router iptables -A FORWARD -d "$(lab_addr names)" -j DROP
lab_row server server.trace
lab_row client client.trace
cat >serve.py <<'PY'
import http.server, socket
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            name = socket.gethostbyaddr(self.client_address[0])[0]
        except OSError as e:
            name = str(e)
        body = ("hello " + name + "\n").encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
http.server.ThreadingHTTPServer(("", 8000), Handler).serve_forever()
PY
fault_serve 8000 python3 serve.py
fault_client "curl -q -sS http://$srv:8000/; wget --no-config -q -t 1 -T 30 -O - http://$srv:8000/"
fault_end TERM
