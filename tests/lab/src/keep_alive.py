# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""Two requests on a connection, a pause between: keep_alive.py HOST SECONDS"""
import http.client
import sys
import time

c = http.client.HTTPConnection(sys.argv[1])
c.request("GET", "/index.html")
print(c.getresponse().read())
time.sleep(float(sys.argv[2]))
c.request("GET", "/index.html")
print(c.getresponse().read())
