#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: a server that forks for each connection, recorded without -f: its
# children read and answer unseen, while it closes what it has not read.
# usage: children-not-followed.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-tt -T -yy -e $LAB_CALLS"
fault_init children-not-followed "$1"
cat >server.pl <<'PERL'
use IO::Socket::INET;
$SIG{CHLD} = 'IGNORE';
my $l = IO::Socket::INET->new(LocalPort => 7000, Listen => 8, ReuseAddr => 1);
for (1 .. 3) {
	my $c = $l->accept;
	my $pid = fork;
	if (!$pid) {
		while (<$c>) {
			print $c uc;
			$c->flush;
		}
		exit;
	}
	close $c;
}
sleep 1;
PERL
fault_serve 7000 perl server.pl
cat >client.pl <<'PERL'
use IO::Socket::INET;
for (1 .. 3) {
	my $s = IO::Socket::INET->new($ARGV[0]) or die;
	for (1 .. 3) {
		print $s "hello $_\n";
		$s->flush;
		my $answer = <$s>;
	}
	close $s;
}
PERL
lab_trace client client.trace -- perl client.pl "$srv:7000"
lab_wait "$server_pid"
