#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The first SYN is lost, so the connect takes a second. The client writes at
# once, gets EAGAIN and gives up.
# usage: nonblocking-connect-misuse-ruby.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init nonblocking-connect-misuse-ruby "$1"
fault_filter -p tcp --syn --dport 7000 -m statistic --mode nth --every 2 \
    --packet 0 -j DROP
fault_serve 7000 socat TCP-LISTEN:7000,reuseaddr,fork EXEC:cat
fault_client "ruby -rsocket -e 's = Socket.new(:INET, :STREAM)
s.connect_nonblock(Socket.sockaddr_in(7000, %q($srv)), exception: false)
begin
s.write_nonblock(%q(hello))
rescue IO::WaitWritable => e
puts e
exit 1
end'"
fault_end TERM
