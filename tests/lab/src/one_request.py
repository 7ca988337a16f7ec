# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""A server that answers one line of each connection and closes it."""
import socketserver
import sys


class Handler(socketserver.StreamRequestHandler):
    """Answers a line with its length."""

    def handle(self):
        line = self.rfile.readline()
        self.wfile.write(b"%d bytes\n" % len(line))


socketserver.TCPServer.allow_reuse_address = True
socketserver.TCPServer(("", int(sys.argv[1])), Handler).serve_forever()
