# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A parent that serves one connection of its forked child over loopback; both
# end without closing anything themselves.
import os
import socket

listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(1)
if os.fork() == 0:
    peer = socket.create_connection(listener.getsockname())
    for i in range(20):
        peer.sendall(b"message %d\n" % i)
        assert peer.recv(100) == b"reply %d\n" % i
    peer.sendall(b"bye")
    os._exit(0)
peer, _ = listener.accept()
for i in range(20):
    assert peer.recv(100) == b"message %d\n" % i
    peer.sendall(b"reply %d\n" % i)
assert peer.recv(100) == b"bye"
assert peer.recv(100) == b""
os.wait()
os._exit(0)
