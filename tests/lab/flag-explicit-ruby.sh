#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: the same server in ruby, which sets the flag of each socket that it
# accepts.
# usage: flag-explicit-ruby.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 256 -e ${LAB_CALLS/open,openat,/}"
fault_init flag-explicit-ruby "$1"
fault_serve 7000 ruby -rsocket -e '
l = TCPServer.new(7000)
socks = [l]
n = 0
while n < 2
  IO.select(socks)[0].each do |h|
    if h == l
      c = l.accept_nonblock(exception: false)
      socks << c unless c == :wait_readable
      next
    end
    loop do
      d = h.read_nonblock(64, exception: false)
      break if d == :wait_readable
      if d.nil?
        socks.delete(h); h.close; n += 1
        break
      end
      h.write_nonblock("got " + d)
    end
  end
end'
fault_client "(echo one; sleep 3) | socat -t5 - TCP:$srv:7000 &
sleep 0.5; echo two | socat -t5 - TCP:$srv:7000; wait"
lab_wait "$server_pid"
