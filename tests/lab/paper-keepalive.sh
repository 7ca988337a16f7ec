#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Table 4, keepalive: lighttpd closes a kept connection after two seconds of
# quiet; the client does not look, and its next request fails.
# usage: paper-keepalive.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"
fault_init paper-keepalive "$1"
web_lighttpd "server.port = 8080" "server.max-keep-alive-idle = 2"
cat >ask.py <<'PY'
import socket, sys, time
s = socket.create_connection((sys.argv[1], 8080))
for wait in 0, 1, 4, 1:
    time.sleep(wait)
    try:
        s.sendall(b"GET /index.html HTTP/1.1\r\nHost: server\r\n\r\n")
        print(s.recv(4096))
    except OSError as e:
        print(e)
PY
fault_serve 8080 lighttpd -D -f lighttpd.conf
fault_client "python3 ask.py $srv"
fault_end TERM
