#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A server reads its second request whole, and dies of SIGSEGV: the client
# gets the end of the stream for an answer.
# usage: closed-without-reply-crash.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init closed-without-reply-crash "$1"
LAB_FLAGS="-f -ttt -T -yy -s 512 -e $LAB_CALLS"
cat >srv.py <<'PY'
import ctypes
import socket
s = socket.socket()
s.bind(("", 7000))
s.listen(5)
c = s.accept()[0]
c.sendall(b"answer to " + c.recv(100))
c.close()
c = s.accept()[0]
c.recv(100)
ctypes.string_at(0)
PY
cat >cli.py <<'PY'
import socket
import sys
for i in range(2):
    c = socket.create_connection((sys.argv[1], 7000))
    c.sendall(b"question %d" % i)
    print(c.recv(100))
    c.close()
PY
ulimit -c 0
fault_serve 7000 /usr/bin/python3 -BIS srv.py
fault_client "exec /usr/bin/python3 -BIS cli.py $srv"
lab_wait "$server_pid" || :
