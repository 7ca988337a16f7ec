# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Asks twice on one connection, with a pause between.
# usage: idle_http.py HOST PORT SECONDS
import http.client
import sys
import time

c = http.client.HTTPConnection(sys.argv[1], int(sys.argv[2]))
c.request("GET", "/")
print(c.getresponse().read())
time.sleep(float(sys.argv[3]))
try:
    c.request("GET", "/")
    print(c.getresponse().read())
except OSError as e:
    print(e)
c.close()
