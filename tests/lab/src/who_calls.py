# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""A server that looks up its client's name before it answers: PORT"""
import socket
import socketserver
import sys


class Handler(socketserver.StreamRequestHandler):
    """Greets by name."""

    def handle(self):
        line = self.rfile.readline()
        try:
            name = socket.gethostbyaddr(self.client_address[0])[0]
        except OSError:
            name = self.client_address[0]
        self.wfile.write(b"%s: %s" % (name.encode(), line))


socketserver.ThreadingTCPServer.allow_reuse_address = True
socketserver.ThreadingTCPServer(("", int(sys.argv[1])),
                                Handler).serve_forever()
