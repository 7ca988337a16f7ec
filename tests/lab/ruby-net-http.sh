#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: Ruby on both sides: a threaded TCP server that speaks HTTP, and
# Net::HTTP with a kept connection, a timeout that is never met, and one
# request after a pause.
# usage: ruby-net-http.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"
fault_init ruby-net-http "$1"
LAB_FLAGS="-f -ttt -T -yy -s 200 -e ${LAB_CALLS/open,openat,/}"
cat >serve.rb <<'RB'
require "socket"
l = TCPServer.new(8000)
loop do
  Thread.new(l.accept) do |s|
    while (line = s.gets)
      until (h = s.gets.chomp).empty?; end
      body = "answer to #{line}" * 20
      s.write("HTTP/1.1 200 OK\r\nContent-Length: #{body.size}\r\n\r\n#{body}")
    end
    s.close
  end
end
RB
cat >ask.rb <<'RB'
require "net/http"
Net::HTTP.start(ARGV[0], 8000, read_timeout: 5) do |h|
  3.times { |i| puts h.get("/#{i}").body.size; sleep 0.5 }
end
4.times.map { Thread.new { Net::HTTP.get(ARGV[0], "/x", 8000) } }.each(&:join)
RB
fault_serve 8000 ruby serve.rb
fault_client "ruby ask.rb $srv"
fault_end TERM
