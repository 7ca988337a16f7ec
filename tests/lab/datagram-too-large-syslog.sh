#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A program sends its log as one datagram of 70,000 bytes, beside shorter ones.
# usage: datagram-too-large-syslog.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"
fault_init datagram-too-large-syslog "$1"
cat >take.py <<'PY'
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", 514))
for _ in range(4):
    print(len(s.recv(65535)))
PY
cat >log.py <<'PY'
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for n in 100, 2000, 70000, 500, 80000, 300:
    try:
        s.sendto(b"<13>" + b"x" * n, (sys.argv[1], 514))
    except OSError as e:
        print(e)
PY
fault_serve_udp 514 python3 take.py
fault_client "python3 log.py $srv"
lab_wait "$server_pid"
