# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The two peers of the paper's Figure 3 over UDP: both send, then receive
# without blocking, so that either may find nothing yet.
# usage: figure_3.py OWN-PORT PEER PEER-PORT TEXT SECONDS
#
# SECONDS is the pause between sending and receiving.
import socket
import sys
import time

port, peer, peer_port, text, pause = sys.argv[1:]
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("0.0.0.0", int(port)))
sock.setblocking(False)
print("ready", flush=True)
sys.stdin.readline()
sock.sendto(text.encode(), (peer, int(peer_port)))
time.sleep(float(pause))
try:
    print(sock.recvfrom(100)[0].decode(), flush=True)
except BlockingIOError:
    print("nothing yet", flush=True)
sys.stdin.readline()
sock.close()
