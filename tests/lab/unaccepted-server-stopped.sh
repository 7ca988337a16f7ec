#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A server answers one client, then sleeps instead of accepting; two more connect,
# send, wait and give up.
# usage: unaccepted-server-stopped.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 4096 -e $LAB_CALLS"
fault_init unaccepted-server-stopped "$1"
cat >server.pl <<'PERL'
use IO::Socket::INET;
my $l = IO::Socket::INET->new(LocalPort => 7000, Listen => 8, ReuseAddr => 1);
my $c = $l->accept;
sysread $c, my $b, 100;
syswrite $c, "one\n";
close $c;
sleep 10;
PERL
cat >client.pl <<'PERL'
use IO::Socket::INET;
use IO::Select;
for (1 .. 3) {
	my $s = IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => 7000)
	    or die;
	syswrite $s, "hi\n";
	IO::Select->new($s)->can_read(3) ? sysread $s, my $b, 99 : print "late\n";
	close $s;
}
PERL
fault_serve 7000 perl server.pl
fault_client "perl client.pl $srv"
lab_wait "$server_pid"
