#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A receiver of datagrams asks for a buffer of 64 MB, looks at what it has got
# and goes on; a burst is received all the same.
# usage: buffer-size-udp-ruby.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init buffer-size-udp-ruby "$1"
fault_serve_udp 7000 ruby -rsocket -e 's = UDPSocket.new
s.setsockopt(Socket::SOL_SOCKET, Socket::SO_RCVBUF, 64 << 20)
puts s.getsockopt(Socket::SOL_SOCKET, Socket::SO_RCVBUF).int
s.bind("0.0.0.0", 7000)
12.times { m, a = s.recvfrom(512); s.send("got " + m, 0, a[3], a[1]) }'
fault_client "perl -MIO::Socket::INET -e '\$s = IO::Socket::INET->new(
PeerAddr => \"$srv:7000\", Proto => \"udp\"); for (1 .. 12) {
\$s->send(\"sample \$_\"); \$s->recv(\$d, 512) }'"
lab_wait "$server_pid"
