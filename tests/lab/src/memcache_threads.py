# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Threads that each set and get keys of a memcached over a connection of
# their own. usage: memcache_threads.py HOST PORT THREADS
import socket
import sys
import threading


def run(number, failed):
    peer = socket.create_connection((sys.argv[1], int(sys.argv[2])))
    reader = peer.makefile("rb")
    for i in range(10):
        value = b"value-%d-%d " % (number, i) * 10
        peer.sendall(b"set key-%d-%d 0 0 %d\r\n%s\r\n"
                     % (number, i, len(value), value))
        if reader.readline() != b"STORED\r\n":
            failed.append(number)
        peer.sendall(b"get key-%d-%d\r\n" % (number, i))
        reader.readline()
        if reader.readline() != value + b"\r\n":
            failed.append(number)
        reader.readline()
    peer.sendall(b"quit\r\n")
    if reader.read() != b"":
        failed.append(number)
    peer.close()


failed = []
threads = [threading.Thread(target=run, args=(i, failed))
           for i in range(int(sys.argv[3]))]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
sys.exit(1 if failed else 0)
