#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A Python server takes each datagram with recvmsg and a buffer of 64 bytes and
# does not look at MSG_TRUNC; IPv6.
# usage: datagram-truncated-recvmsg-ipv6.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init datagram-truncated-recvmsg-ipv6 "$1"
LAB_FLAGS="-f -ttt -T -yy -s 128 -e $LAB_CALLS"
cat >srv.py <<'EOF'
import socket
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.bind(("::", 9510))
for i in range(4):
    d, anc, fl, a = s.recvmsg(64)
    s.sendto(b"%d" % len(d), a)
EOF
cat >cli.js <<'EOF'
const d = require('dgram').createSocket('udp6');
let n = 0;
const ask = () => d.send('z'.repeat(30 + 20 * n++), 9510, process.argv[2]);
d.on('message', m => { console.log('' + m); n < 4 ? ask() : d.close(); });
ask();
EOF
fault_serve_udp 9510 python3 srv.py
fault_client "exec node cli.js $(lab_addr6 server)"
lab_wait "$server_pid"
