#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: the client waits until its socket is writable and writes, without a
# look at SO_ERROR; the first SYN was lost.
# usage: nonblocking-connect-writes-when-ready.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init nonblocking-connect-writes-when-ready "$1"
fault_filter -p tcp --syn --dport 7000 -m statistic --mode nth --every 2 \
    --packet 0 -j DROP
fault_serve 7000 socat TCP-LISTEN:7000,reuseaddr EXEC:cat
fault_client "ruby -rsocket -e 's = Socket.new(:INET, :STREAM)
s.connect_nonblock(Socket.sockaddr_in(7000, %q($srv)), exception: false)
IO.select(nil, [s], nil, 5)
s.write_nonblock(%q(hello))
IO.select([s], nil, nil, 5)
puts s.read_nonblock(5)'"
lab_wait "$server_pid"
