# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""Says something every second, in two rooms, and hears what others say."""
import select
import socket
import sys
import time

rooms = [socket.create_connection((sys.argv[1], int(p)))
         for p in sys.argv[2:]]
print([s.getsockname() for s in rooms])
end = time.time() + 8
n = 0
while time.time() < end:
    for s in rooms:
        s.sendall(b"message %d" % n)
    n += 1
    wake = time.time() + 1
    while time.time() < wake:
        for s in select.select(rooms, [], [], 0.2)[0]:
            print(s.recv(1000))
print([s.getsockname() for s in rooms])
again = [socket.create_connection((sys.argv[1], int(p)))
         for p in sys.argv[2:]]
for s in again:
    s.sendall(b"hello again")
for s in again:
    print(s.getsockname())
end = time.time() + 3
while time.time() < end:
    for s in select.select(rooms + again, [], [], 0.2)[0]:
        print(s.recv(1000))
