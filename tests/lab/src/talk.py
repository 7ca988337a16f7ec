# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""A threaded line server that answers in capitals, and its client."""
import socket
import socketserver
import sys


class Handler(socketserver.StreamRequestHandler):
    """Answers each line in capitals, until the client ends."""

    def handle(self):
        for line in self.rfile:
            self.wfile.write(line.upper())


class Server(socketserver.ThreadingTCPServer):
    """One thread a connection."""

    allow_reuse_address = True
    daemon_threads = True


def talk(host, port, name):
    """Three lines, each answered before the next."""
    with socket.create_connection((host, port)) as sock:
        for number in range(3):
            sock.sendall(b"%s says %d\n" % (name.encode(), number))
            print(sock.recv(100))


if sys.argv[1] == "serve":
    Server(("", int(sys.argv[2])), Handler).serve_forever()
else:
    talk(sys.argv[1], int(sys.argv[2]), sys.argv[3])
