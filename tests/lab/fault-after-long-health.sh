#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Five hundred requests are answered; then the server crashes in the middle of
# an answer.
# usage: fault-after-long-health.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"
fault_init fault-after-long-health "$1"
LAB_FLAGS="-f -ttt -T -s 48 -e trace=network,read,write,close,process,poll,%desc"
LAB_FLAGS="-f -ttt -T -s 48 -e $LAB_CALLS"
cat >serve.py <<'PY'
import os, signal, socket
l = socket.create_server(("", 9000))
s, peer = l.accept()
for n in range(500):
    s.sendall(s.recv(100) + b"!" * 50)
s.recv(5)
os.kill(os.getpid(), signal.SIGSEGV)
PY
cat >ask.py <<'PY'
import socket, sys, time
s = socket.create_connection((sys.argv[1], 9000))
for n in range(501):
    s.sendall(b"request %d" % n)
    if n % 100 == 0:
        time.sleep(1)
    print(s.recv(200))
PY
fault_serve 9000 python3 serve.py
fault_client "python3 ask.py $srv"
lab_wait "$server_pid" || :
