# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""A chat: what a client says goes to all others, on each of two ports."""
import select
import socket
import sys

listeners = [socket.create_server(("", int(p))) for p in sys.argv[1:]]
clients = {}
while True:
    for s in select.select(listeners + list(clients), [], [], 1)[0]:
        if s in listeners:
            clients[s.accept()[0]] = s
            continue
        try:
            said = s.recv(1000)
        except OSError as e:
            print(e)
            said = b""
        if not said:
            del clients[s]
            s.close()
            continue
        for c, room in clients.items():
            if room is clients[s]:
                c.sendall(said + b" to all\n")
