# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# An HTTP server that forks a process a connection, serves a fixed number of
# them and ends.  Its clients are those of http_threads.py.
# usage: http_fork.py PORT CONNECTIONS
import http.server
import socketserver
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def reply(self, body):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.reply(("you asked for %s\n" % self.path).encode() * 20)

    def do_POST(self):
        self.reply(self.rfile.read(int(self.headers["Content-Length"])))

    def log_message(self, *args):
        pass


class Server(socketserver.ForkingMixIn, http.server.HTTPServer):
    request_queue_size = 64


server = Server(("0.0.0.0", int(sys.argv[1])), Handler)
for _ in range(int(sys.argv[2])):
    server.handle_request()
server.server_close()
