#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A Python thread waits 5 s in select on a UDP socket; another closes it.
# What arrives 1.5 s later ends the wait, with a descriptor that is gone.
# usage: close-while-blocked-select-udp.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init close-while-blocked-select-udp "$1"
LAB_FLAGS="-f -ttt -T -yy -s 128 -e $LAB_CALLS"
cat >srv.py <<'EOF'
import socket, select, threading, time, os
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", 9310))
print(s.recv(100))
fd = s.fileno()
t = threading.Thread(target=lambda: select.select([fd], [], [], 5), daemon=True)
t.start()
time.sleep(0.5)
os.close(s.detach())
t.join()
EOF
fault_serve_udp 9310 python3 srv.py
fault_client "$act udp connect=$srv:9310 sleep=200 send=first sleep=1500 send=second sleep=100 close"
lab_wait "$server_pid"
