# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A server whose parent accepts and passes each connection to one of two
# worker processes over a UNIX socket (SCM_RIGHTS).
# usage: pass_fds.py PORT CONNECTIONS
import os
import socket
import sys


def work(channel):
    while True:
        data, fds, _, _ = socket.recv_fds(channel, 1, 1)
        if not data:
            os._exit(0)
        with socket.socket(fileno=fds[0]) as peer:
            while line := peer.recv(1000):
                peer.sendall(b"process %d: " % os.getpid() + line)


listener = socket.create_server(("0.0.0.0", int(sys.argv[1])))
channels = []
for _ in range(2):
    ours, theirs = socket.socketpair()
    if os.fork() == 0:
        listener.close()
        for channel in channels + [ours]:
            channel.close()
        work(theirs)
    theirs.close()
    channels.append(ours)
for i in range(int(sys.argv[2])):
    peer, _ = listener.accept()
    socket.send_fds(channels[i % 2], [b"x"], [peer.fileno()])
    peer.close()
for channel in channels:
    channel.close()
for channel in channels:
    os.wait()
