# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A dual-stack server for a number of connections, or a client that connects
# nonblocking, waits with poll, asks for SO_ERROR, and then exchanges lines.
# usage: connect_poll.py server PORT CONNECTIONS | client PORT HOST...
import errno
import select
import socket
import sys


def wait(sock, event):
    poll = select.poll()
    poll.register(sock, event)
    assert poll.poll(5000)


def ask(host, port):
    info = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    sock = socket.socket(info[0], socket.SOCK_STREAM)
    sock.setblocking(False)
    status = sock.connect_ex(info[4])
    if status == errno.EINPROGRESS:
        wait(sock, select.POLLOUT)
        status = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    assert status == 0
    for i in range(3):
        line = b"line %d to %s\n" % (i, host.encode())
        sock.send(line)
        got = b""
        while len(got) < len(line):
            wait(sock, select.POLLIN)
            got += sock.recv(100)
        assert got == line
    sock.close()


def serve(port, count):
    listener = socket.create_server(("::", port), family=socket.AF_INET6,
                                    dualstack_ipv6=True)
    for _ in range(count):
        sock, _ = listener.accept()
        while data := sock.recv(100):
            sock.sendall(data)
        sock.close()
    listener.close()


if sys.argv[1] == "server":
    serve(int(sys.argv[2]), int(sys.argv[3]))
else:
    for name in sys.argv[3:]:
        ask(name, int(sys.argv[2]))
