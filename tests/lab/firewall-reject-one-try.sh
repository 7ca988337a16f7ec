#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A server listens on two ports; the router rejects one of them. A client talks to
# the other and then tries that one, once, and ends. No order tells when the
# server closed its listener; the clocks do.
# usage: firewall-reject-one-try.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -tt -s 64 -e $LAB_CALLS"
fault_init firewall-reject-one-try "$1"
fault_filter -p tcp --dport 7122 -j REJECT
cat >server.pl <<'PERL'
use Socket;
sub service {
	socket my $l, PF_INET, SOCK_STREAM, 0;
	setsockopt $l, SOL_SOCKET, SO_REUSEADDR, 1;
	bind $l, sockaddr_in($_[0], INADDR_ANY);
	listen $l, 5;
	return $l;
}
my $one = service(7121);
my $two = service(7122);
accept my $c, $one;
sysread $c, my $b, 99;
syswrite $c, "you said $b";
accept my $d, $two;
PERL
cat >client.pl <<'PERL'
use Socket;
socket my $s, PF_INET, SOCK_STREAM, 0;
connect $s, sockaddr_in(7121, inet_aton($ARGV[0]));
syswrite $s, "hello";
sysread $s, my $b, 99;
socket my $t, PF_INET, SOCK_STREAM, 0;
connect $t, sockaddr_in(7122, inet_aton($ARGV[0])) or print "$!\n";
PERL
fault_serve 7122 perl server.pl
fault_client "perl client.pl $srv"
sleep 1
fault_end TERM
