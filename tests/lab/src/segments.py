# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Datagrams that the kernel cuts (UDP_SEGMENT, as an option and as control
# data) and joins (UDP_GRO on the second of two ports).
# usage: segments.py server PORT | client HOST PORT
import select
import socket
import struct
import sys

UDP_SEGMENT, UDP_GRO = 103, 104
SIZE = 300

if sys.argv[1] == "server":
    sockets = []
    for n in range(2):
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.bind(("0.0.0.0", int(sys.argv[2]) + n))
        s.setsockopt(socket.IPPROTO_UDP, UDP_GRO, n)
        sockets.append(s)
    going = 2
    while going:
        for s in select.select(sockets, [], [])[0]:
            data, _, _, peer = s.recvmsg(65535, 64)
            if data == b"end":
                going -= 1
            elif data.endswith(b"."):
                s.sendto(b"got it", peer)
else:
    for n in range(2):
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.connect((sys.argv[2], int(sys.argv[3]) + n))

        def say(length, control=()):
            text = b"".join(b"%07d " % i for i in range(length // 8))
            s.sendmsg([text[:length - 1] + b"."], control)
            s.recv(100)

        say(200)
        s.setsockopt(socket.IPPROTO_UDP, UDP_SEGMENT, SIZE)
        say(1500)
        say(1250)
        say(100)
        s.setsockopt(socket.IPPROTO_UDP, UDP_SEGMENT, 0)
        say(1200, [(socket.IPPROTO_UDP, UDP_SEGMENT,
                    struct.pack("H", SIZE))])
        say(750, [(socket.IPPROTO_UDP, UDP_SEGMENT,
                    struct.pack("H", SIZE))])
        s.send(b"end")
        s.close()
