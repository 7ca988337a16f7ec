#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A server reads lines; a client asks without ending its line and waits for the
# answer, until it is ended after seven seconds.
# usage: deadlock-no-newline.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init deadlock-no-newline "$1"
LAB_FLAGS="-f -ttt -T -yy -s 512 -e $LAB_CALLS"
cat >server.pl <<'PERL'
use IO::Socket::INET;
my $l = IO::Socket::INET->new(LocalPort => 7000, Listen => 8, ReuseAddr => 1);
my $c = $l->accept;
while (my $line = <$c>) {
	print $c "you said: $line";
	$c->flush;
}
PERL
cat >client.pl <<'PERL'
use IO::Socket::INET;
my $s = IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => 7000) or die;
syswrite $s, "hello\n";
print scalar <$s>;
syswrite $s, "how are you?";
print scalar <$s>;
PERL
fault_serve 7000 perl server.pl
fault_client "exec timeout 7 perl client.pl $srv"
lab_wait "$server_pid"
