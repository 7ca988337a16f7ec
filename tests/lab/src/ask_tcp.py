# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""ask_tcp.py HOST PORT QUESTIONS SECONDS: asks on one connection, looks up from
each wait after so long, and waits on.

ask_tcp.py serve PORT [SECONDS]: answers one client, after so long."""
import select
import socket
import sys
import time

if sys.argv[1] == "serve":
    listener = socket.create_server(("", int(sys.argv[2])))
    peer, _ = listener.accept()
    while data := peer.recv(500):
        if len(sys.argv) > 3:
            time.sleep(float(sys.argv[3]))
        peer.sendall(b"the answer to " + data)
    sys.exit(0)
s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
for i in range(int(sys.argv[3])):
    s.sendall(b"question %d" % i)
    while not select.select([s], [], [], float(sys.argv[4]))[0]:
        print("still waiting")
    print(s.recv(500))
s.close()
