#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# nc connects without blocking, and strace -e trace=network shows neither how it
# waits for that nor what it sends: only that the server accepts.
# usage: network-calls-only-nc.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS='-f -tt -e trace=network'
fault_init network-calls-only-nc "$1"
cat >server.pl <<'PERL'
use IO::Socket::INET;
my $l = IO::Socket::INET->new(LocalPort => 6667, Listen => 8, ReuseAddr => 1);
for (1 .. 2) {
	my $c = $l->accept;
	syswrite $c, "welcome\n";
	sysread $c, my $line, 99;
	push @c, $c;
}
PERL
fault_serve 6667 perl server.pl
fault_client "for i in 1 2; do echo hello | nc -q 1 -w 2 $srv 6667; done"
lab_wait "$server_pid"
