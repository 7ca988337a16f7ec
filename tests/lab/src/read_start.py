# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""A server that streams a report, a client that reads only its start."""
import socket
import sys
import time


def serve(port):
    """Answer one client with a report, then wait for its next request."""
    listener = socket.create_server(("", port))
    sock, _ = listener.accept()
    print(sock.recv(100))
    report = b"".join(b"line %04d\n" % i for i in range(50))
    sock.sendall(report)
    time.sleep(0.5)
    try:
        print(sock.recv(100))
    except ConnectionResetError as error:
        print(error)
    sock.close()


def read_start(host, port):
    """Ask for the report, read 50 bytes of it, close."""
    with socket.create_connection((host, port)) as sock:
        sock.sendall(b"report\n")
        time.sleep(0.2)
        print(sock.recv(50))


if sys.argv[1] == "serve":
    serve(int(sys.argv[2]))
else:
    read_start(sys.argv[1], int(sys.argv[2]))
