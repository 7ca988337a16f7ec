#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A client has four ephemeral ports and opens six connections to one server.
# usage: port-exhaustion-client.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"
fault_init port-exhaustion-client "$1"
web_lighttpd "server.port = 8080"
lab_in client sysctl -qw net.ipv4.ip_local_port_range="50000 50003"
fault_serve 8080 lighttpd -D -f lighttpd.conf
fault_client "python3 -c '
import socket
kept = []
for i in range(6):
    s = socket.socket()
    try:
        s.connect((\"$srv\", 8080))
        kept.append(s)
    except OSError as e:
        print(e)
for s in kept:
    s.sendall(b\"GET / HTTP/1.0\\r\\n\\r\\n\")
    while s.recv(4096):
        pass
'"
fault_end TERM
