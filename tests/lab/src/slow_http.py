# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A web server whose every answer takes a while, and a client that does not
# wait that long: its limit is SO_RCVTIMEO.
# usage: slow_http.py serve PORT SECONDS | slow_http.py HOST PORT SECONDS...
import http.client
import http.server
import socket
import struct
import sys
import time


class Slow(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        time.sleep(float(sys.argv[3]))
        body = b"it took a while\n"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


if sys.argv[1] == "serve":
    http.server.ThreadingHTTPServer(("0.0.0.0", int(sys.argv[2])),
                                    Slow).serve_forever()
for seconds in map(float, sys.argv[3:]):
    c = http.client.HTTPConnection(sys.argv[1], int(sys.argv[2]))
    c.connect()
    limit = struct.pack("@ll", int(seconds), int(seconds % 1 * 1e6))
    c.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
    try:
        c.request("GET", "/")
        print(c.getresponse().read())
    except OSError as e:
        print(e)
    c.close()
