#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A thread polls a connection for 20 s; another thread closes it after 0.5 s.
# The peer sends something 3 s later, and goes.
# usage: close-while-blocked-poll.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init close-while-blocked-poll "$1"
LAB_FLAGS="-f -ttt -T -yy -s 128 -e $LAB_CALLS"
cat >srv.py <<'EOF'
import socket, select, threading, time, os
l = socket.create_server(("", 9300))
c, a = l.accept()
fd = c.fileno()
def wait():
    p = select.poll()
    p.register(fd, select.POLLIN)
    print(p.poll(6000))
t = threading.Thread(target=wait)
t.start()
time.sleep(0.5)
os.close(c.detach())
t.join()
EOF
fault_serve 9300 python3 srv.py
fault_client "$act tcp connect=$srv:9300 sleep=3000 send=late recv=10 close"
lab_wait "$server_pid"
