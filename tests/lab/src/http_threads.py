# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A threaded HTTP server that serves a fixed number of connections and ends;
# or, as a client, N threads that each fetch a page and post to it.
# usage: http_threads.py server PORT CONNECTIONS | client HOST PORT THREADS
import http.client
import http.server
import sys
import threading


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


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 64


def fetch(host, port, number, failed):
    http_client = http.client.HTTPConnection(host, port)
    http_client.request("GET", "/page/%d" % number)
    body = http_client.getresponse().read()
    if ("/page/%d\n" % number).encode() not in body:
        failed.append(number)
    text = ("posted by thread %d, " % number).encode() * 50
    http_client.request("POST", "/echo", body=text)
    if http_client.getresponse().read() != text:
        failed.append(number)
    http_client.close()


if sys.argv[1] == "server":
    server = Server(("0.0.0.0", int(sys.argv[2])), Handler)
    for _ in range(int(sys.argv[3])):
        server.handle_request()
    server.server_close()
else:
    failed = []
    threads = [threading.Thread(target=fetch, args=(
        sys.argv[2], int(sys.argv[3]), i, failed))
        for i in range(int(sys.argv[4]))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.exit(1 if failed else 0)
