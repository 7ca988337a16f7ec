#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A router answers the segments of an established connection with a reset to the
# client; the server keeps the connection.
# usage: connection-reset-on-the-way.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 4096 -e $LAB_CALLS"
fault_init connection-reset-on-the-way "$1"
cat >server.pl <<'PERL'
use IO::Socket::INET;
$SIG{ALRM} = sub { exit };
alarm 6;
my $l = IO::Socket::INET->new(LocalPort => 7000, Listen => 8, ReuseAddr => 1);
my $c = $l->accept;
while (sysread $c, my $b, 100) {
	syswrite $c, "echo $b";
}
PERL
cat >client.pl <<'PERL'
use IO::Socket::INET;
my $s = IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => 7000) or die;
for (1 .. 6) {
	syswrite $s, "line $_\n" or die "write: $!";
	sysread $s, my $b, 100 or die "read: $!";
	select undef, undef, undef, 0.5;
}
PERL
fault_serve 7000 perl server.pl
(
	sleep 1.8
	fault_filter -p tcp --dport 7000 -j REJECT --reject-with tcp-reset
) &
fault_client "perl client.pl $srv"
lab_wait "$server_pid"
