#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Each question comes from a socket of its own, and the router drops all answers.
# Without -yy only the server's trace tells the clients' ports; without -T only
# their limits how long they waited.
# usage: firewall-udp-unseen-ports.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -tt -s 64 -e $LAB_CALLS"
fault_init firewall-udp-unseen-ports "$1"
fault_filter -p udp --sport 7750 -j DROP
cat >server.pl <<'PERL'
use Socket;
socket my $u, PF_INET, SOCK_DGRAM, 0;
bind $u, sockaddr_in(7750, INADDR_ANY);
while (my $from = recv $u, $b, 99, 0) {
	send $u, "answer to $b", 0, $from;
}
PERL
cat >client.pl <<'PERL'
use Socket;
for (1 .. 6) {
	socket my $u, PF_INET, SOCK_DGRAM, 0;
	connect $u, sockaddr_in(7750, inet_aton($ARGV[0]));
	syswrite $u, "$_. question";
	my $r = '';
	vec($r, fileno $u, 1) = 1;
	select $r, undef, undef, 1 and sysread $u, $b, 99;
}
PERL
fault_serve_udp 7750 perl server.pl
fault_client "perl client.pl $srv"
fault_end TERM
