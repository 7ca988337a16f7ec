# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""An HTTP server that never reads the body of a PUT."""
import http.server
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    def do_PUT(self):
        self.send_response(201)
        self.send_header("Content-Length", "0")
        self.end_headers()


http.server.ThreadingHTTPServer(("", int(sys.argv[1])), Handler).serve_forever()
