# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""Close a socket while another thread waits for data on it."""
import socket
import sys
import threading
import time


def receive(sock):
    """The reader: one blocking receive."""
    print(sock.recv(100))


def main():
    """Connect, start the reader, close, wait for the reader."""
    sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
    sock.sendall(b"hello")
    reader = threading.Thread(target=receive, args=(sock,))
    reader.start()
    time.sleep(0.5)
    sock.close()
    reader.join()


main()
