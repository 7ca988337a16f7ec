# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""Messages of a head and a body: two_parts.py serve PORT
or two_parts.py ask HOST PORT apart|nodelay|once"""
import socket
import sys


def take(s, n):
    """n bytes, or what there was."""
    data = b""
    while len(data) < n:
        part = s.recv(n - len(data))
        if not part:
            break
        data += part
    return data


def serve(port):
    with socket.create_server(("", port)) as listener:
        while True:
            s, _ = listener.accept()
            while True:
                head = take(s, 4)
                if len(head) < 4:
                    break
                take(s, int(head))
                s.sendall(b"done")
            s.close()


def ask(host, port, how):
    s = socket.create_connection((host, port))
    if how == "nodelay":
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for i in range(12):
        body = b"x" * (50 + i)
        if how == "once":
            s.sendall(b"%4d" % len(body) + body)
        else:
            s.sendall(b"%4d" % len(body))
            s.sendall(body)
        take(s, 4)
    s.close()


if sys.argv[1] == "serve":
    serve(int(sys.argv[2]))
else:
    ask(sys.argv[2], int(sys.argv[3]), sys.argv[4])
