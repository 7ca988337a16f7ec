# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""ask_udp.py HOST PORT QUESTIONS SECONDS: asks a UDP server, waits so long for
each answer, asks again if none came, and takes answers to earlier questions.

ask_udp.py serve PORT ANSWERS [SECONDS]: answers, after so long."""
import select
import socket
import sys
import time

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
if sys.argv[1] == "serve":
    s.bind(("", int(sys.argv[2])))
    for i in range(int(sys.argv[3])):
        s.settimeout(6)
        data, peer = s.recvfrom(500)
        if len(sys.argv) > 4:
            time.sleep(float(sys.argv[4]))
        s.sendto(b"the answer to " + data, peer)
    sys.exit(0)
peer = (sys.argv[1], int(sys.argv[2]))
for i in range(int(sys.argv[3])):
    s.sendto(b"question %d" % i, peer)
    if select.select([s], [], [], float(sys.argv[4]))[0]:
        print(s.recv(500))
while select.select([s], [], [], 2.0)[0]:
    print(s.recv(500))
