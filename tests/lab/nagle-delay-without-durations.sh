#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A client writes each message in two small parts, recorded without -T: only the
# next line tells how long the second one was waited for.
# usage: nagle-delay-without-durations.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="${LAB_FLAGS/-ttt -T/-tt}"
fault_init nagle-delay-without-durations "$1"
cat >server.pl <<'PERL'
use Socket;
socket my $l, PF_INET, SOCK_STREAM, 0;
setsockopt $l, SOL_SOCKET, SO_REUSEADDR, 1;
bind $l, sockaddr_in(7310, INADDR_ANY);
listen $l, 5;
accept my $c, $l;
while (sysread $c, my $n, 4) {
	sysread $c, my $text, $n;
	syswrite $c, "done";
}
PERL
cat >client.pl <<'PERL'
use Socket;
socket my $s, PF_INET, SOCK_STREAM, 0;
connect $s, sockaddr_in(7310, inet_aton($ARGV[0]));
# The first exchanges of a connection are acknowledged at once.
for my $i (1 .. 40) {
	syswrite $s, sprintf "%4d", 10 + $i;
	syswrite $s, "x" x (10 + $i);
	sysread $s, my $b, 99;
}
PERL
fault_serve 7310 perl server.pl
fault_client "exec perl client.pl $srv"
lab_wait "$server_pid"
