#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A forking Python server's child dies of SIGSEGV after it has sent half of
# its answer and read only half of the request.
# usage: connection-reset-server-crashed.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init connection-reset-server-crashed "$1"
LAB_FLAGS="-f -ttt -T -yy -s 128 -e $LAB_CALLS"
cat >srv.py <<'EOF'
import socket, os, signal
l = socket.create_server(("", 9200))
for i in range(2):
    c, a = l.accept()
    if os.fork() == 0:
        c.recv(10)
        c.send(b"half of ")
        os.kill(os.getpid(), signal.SIGSEGV)
    c.close()
    os.wait()
EOF
cat >cli.py <<'EOF'
import socket, sys
for i in range(2):
    s = socket.create_connection((sys.argv[1], 9200))
    s.sendall(b"a request of thirty bytes more")
    try:
        while s.recv(1000):
            pass
    except OSError as e:
        print(e)
    s.close()
EOF
fault_serve 9200 python3 srv.py
fault_client "exec python3 cli.py $srv"
lab_wait "$server_pid"
