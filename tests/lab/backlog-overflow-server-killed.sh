#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A server takes one client and none of the next four; its queue holds two. It
# sleeps all that time in one call, and is killed after it.
# usage: backlog-overflow-server-killed.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 256 -e $LAB_CALLS"
fault_init backlog-overflow-server-killed "$1"
cat >server.pl <<'PERL'
use Socket;
socket my $l, PF_INET, SOCK_STREAM, 0;
setsockopt $l, SOL_SOCKET, SO_REUSEADDR, 1;
bind $l, sockaddr_in(8200, INADDR_ANY);
listen $l, 1;
accept my $c, $l;
sysread $c, my $b, 9;
sleep 20;
PERL
cat >client.pl <<'PERL'
use IO::Socket::INET;
for (1 .. 5) {
	my $s = IO::Socket::INET->new(PeerAddr => "$ARGV[0]:8200", Timeout => 3);
	syswrite $s, "a\n" if $s;
	push @s, $s;
}
PERL
fault_serve 8200 perl server.pl
fault_client "perl client.pl $srv"
fault_end KILL
