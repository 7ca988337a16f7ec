# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""busy_serve PORT SECONDS N: serves N connections in one thread; it works so
long on a request that begins with "slow"."""
import select
import socket
import sys
import time

port, seconds, left = (int(a) for a in sys.argv[1:4])
listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("", port))
listener.listen(5)
clients = []
while left:
    for s in select.select([listener] + clients, [], [])[0]:
        if s is listener:
            clients.append(s.accept()[0])
            continue
        request = s.recv(100)
        if not request:
            clients.remove(s)
            s.close()
            left -= 1
            continue
        if request.startswith(b"slow"):
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                pass
        s.send(b"answer " + request)
