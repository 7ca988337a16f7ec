# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""Asks an HTTP server; a second thread closes the socket after a second."""
import os
import socket
import sys
import threading
import time


def ask(s):
    s.sendall(b"GET / HTTP/1.0\r\nHost: server\r\n\r\n")
    try:
        print(s.recv(4096))
    except OSError as e:
        print(e)


s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
t = threading.Thread(target=ask, args=(s,))
t.start()
time.sleep(1)
os.close(s.detach())
t.join()
