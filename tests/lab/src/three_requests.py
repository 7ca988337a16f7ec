# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""A client that sends three lines and reads an answer to the first only."""
import socket
import sys
import time

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
for number in (b"one", b"two", b"three"):
    sock.sendall(b"line " + number + b"\n")
    if number == b"one":
        print(sock.recv(100))
    time.sleep(0.2)
