#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The router rejects UDP to 7911 with ICMP port unreachable although a socket
# is bound there; 7910 is answered.
# usage: firewall-udp-reject-one-port.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init firewall-udp-reject-one-port "$1"
fault_filter -p udp --dport 7911 -j REJECT
LAB_FLAGS="-f -ttt -T -yy -s 64 -e $LAB_CALLS"
cat >srv.py <<'EOF'
import socket, select
s = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for i in range(2)]
for i in range(2):
    s[i].bind(("", 7910 + i))
while True:
    r = select.select(s, [], [], 4)[0]
    if not r:
        break
    for x in r:
        d, a = x.recvfrom(500)
        x.sendto(b"ok " + d, a)
EOF
cat >cli.py <<'EOF'
import socket, sys
for p in (7910, 7911, 7910):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.settimeout(0.3)
    s.connect((sys.argv[1], p))
    for i in range(6):
        try:
            s.send(b"message %d" % i)
            print(s.recv(100))
        except OSError as e:
            print(e)
EOF
fault_serve_udp 7911 python3 srv.py
fault_client "exec python3 cli.py $srv"
lab_wait "$server_pid"
