#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: connections on which both ends wait for seven seconds, until the
# clients are ended: a subscriber of redis, nc with nobody at its keyboard, and
# a reader of what a server with a thread a connection sends it now and then.
# usage: idle-ends.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init idle-ends "$1"
LAB_FLAGS="-f -ttt -T -yy -s 512 -e $LAB_CALLS"
lab_py talk
lab_row server talk.trace
lab_trace_bg server talk.trace -- /usr/bin/python3 -BIS talk.py serve 7000
talk=$LAB_PID
lab_wait_port server 7000
fault_serve 6379 redis-server --port 6379 --bind "$srv" --save '' \
    --protected-mode no --dir "$LAB_WORK" --hz 1
mkfifo keyboard
cat >reader.pl <<'PERL'
use IO::Socket::INET;
my $s = IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => 7000) or die;
syswrite $s, "subscribe\n";
print while sysread $s, $_, 100;
PERL
fault_client "exec 9<>keyboard
timeout 8 redis-cli -h $srv subscribe news &
timeout 8 nc $srv 7000 <keyboard &
timeout 8 perl reader.pl $srv &
wait"
lab_stop "$talk"
fault_end TERM
