#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A server may have twelve descriptors only; its clients keep their connections
# and more come.
# usage: descriptor-exhaustion-server.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"
fault_init descriptor-exhaustion-server "$1"
cat >serve.py <<'PY'
import socket, time
l = socket.create_server(("", 8000))
kept = []
while True:
    try:
        s, peer = l.accept()
        kept.append(s)
        s.sendall(b"welcome\n")
    except OSError as e:
        print(e)
        time.sleep(0.5)
PY
fault_serve 8000 prlimit --nofile=12 python3 serve.py
fault_client "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
timeout 3 nc $srv 8000 & done; wait"
fault_end TERM
