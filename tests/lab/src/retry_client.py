# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Connects until it is let in, then asks one question of an echo server.
# usage: retry_client.py HOST PORT | retry_client.py PORT (the server)
import socket
import sys
import time

if len(sys.argv) == 2:
    listener = socket.create_server(("0.0.0.0", int(sys.argv[1])))
    peer, _ = listener.accept()
    while data := peer.recv(100):
        peer.sendall(data)
    peer.close()
    listener.close()
    sys.exit(0)
while True:
    sock = socket.socket()
    try:
        sock.connect((sys.argv[1], int(sys.argv[2])))
        break
    except ConnectionRefusedError:
        sock.close()
        time.sleep(0.2)
sock.sendall(b"are you there?")
assert sock.recv(100) == b"are you there?"
sock.close()
