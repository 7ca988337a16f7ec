#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: a server that reads some files and not others, which nobody asked
# for; and a client that would like a privileged port of its own.
# usage: permission-not-needed.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init permission-not-needed "$1"
nginx_conf 80 off
echo secret >www/plan.html
chmod 600 www/plan.html
fault_serve 80 nginx -c "$LAB_WORK/nginx.conf"
cat >get.py <<PY
import socket, sys
s = socket.socket()
try:
    s.bind(("", 700))
except PermissionError:
    pass
s.connect(("$srv", 80))
try:
    open("$LAB_WORK/www/plan.html")
except PermissionError:
    pass
s.sendall(b"GET /index.html HTTP/1.0\r\n\r\n")
while s.recv(1000):
    pass
PY
chmod 644 get.py
lab_trace client client.trace -- setpriv --reuid 65534 --regid 65534 \
    --clear-groups --inh-caps=-all --bounding-set=-all \
    /usr/bin/python3 -BIS "$LAB_WORK/get.py"
fault_end QUIT
