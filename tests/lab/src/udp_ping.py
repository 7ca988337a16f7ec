# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# UDP ping-pong. usage: udp_ping.py server PORT COUNT
#	| udp_ping.py connected|unconnected HOST PORT COUNT
import socket
import sys

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
if sys.argv[1] == "server":
    sock.bind(("0.0.0.0", int(sys.argv[2])))
    for _ in range(int(sys.argv[3])):
        data, peer = sock.recvfrom(2000)
        sock.sendto(data.upper(), peer)
else:
    server = (sys.argv[2], int(sys.argv[3]))
    sock.settimeout(5)
    if sys.argv[1] == "connected":
        sock.connect(server)
    for i in range(int(sys.argv[4])):
        data = b"ping %d " % i * (1 + i % 50)
        if sys.argv[1] == "connected":
            sock.send(data)
            answer = sock.recv(2000)
        else:
            sock.sendto(data, server)
            answer, _ = sock.recvfrom(2000)
        assert answer == data.upper()
sock.close()
