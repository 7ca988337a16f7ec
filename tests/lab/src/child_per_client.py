# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""child_per_client.py server PORT N | client HOST PORT N

The server answers N clients, one after the other, and starts a program that
goes on for a while as each comes; the client reads its answer to the end.
"""
import os
import socket
import subprocess
import sys


def serve(port, n):
    children = []
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("", port))
        listener.listen()
        for i in range(n):
            conn, _ = listener.accept()
            conn.recv(100)
            # Then only the closes between fork and execve take it away.
            os.set_inheritable(conn.fileno(), True)
            children.append(subprocess.Popen(["/bin/sleep", "2"]))
            conn.sendall(b"answer %d" % i)
            conn.close()
    for child in children:
        child.wait()


def ask(host, port, n):
    for i in range(n):
        with socket.create_connection((host, port)) as conn:
            conn.sendall(b"hello %d" % i)
            while conn.recv(100):
                pass


if sys.argv[1] == "server":
    serve(int(sys.argv[2]), int(sys.argv[3]))
else:
    ask(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
