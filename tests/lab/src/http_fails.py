# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""An HTTP server whose handler has a bug for some paths: http_fails.py PORT"""
import http.server
import sys

PRICES = {"apple": 3, "pear": 4}


class Handler(http.server.BaseHTTPRequestHandler):
    """Tells prices; an unknown fruit raises KeyError."""

    def do_GET(self):
        body = b"%d\n" % PRICES[self.path.strip("/")]
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


http.server.HTTPServer(("", int(sys.argv[1])), Handler).serve_forever()
