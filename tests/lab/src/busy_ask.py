# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""busy_ask HOST PORT SECONDS TRIES: one slow request, then two quick ones by
clients of their own, which wait so long for an answer, so many times."""
import select
import socket
import sys
import threading
import time

host, port, seconds, tries = sys.argv[1], *(int(a) for a in sys.argv[2:5])


def ask(request, delay, looks):
    time.sleep(delay)
    s = socket.create_connection((host, port))
    s.send(request)
    poll = select.poll()
    poll.register(s, select.POLLIN)
    for _ in range(looks):
        if poll.poll(seconds * 1000):
            s.recv(100)
            break
    s.close()


threads = [threading.Thread(target=ask, args=a) for a in (
    (b"slow", 0, 9), (b"quick 1", 0.5, tries), (b"quick 2", 0.6, tries))]
for t in threads:
    t.start()
for t in threads:
    t.join()
