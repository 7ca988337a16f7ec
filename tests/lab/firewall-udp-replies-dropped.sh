#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A UDP server gets every request, and the router drops every reply of it.
# usage: firewall-udp-replies-dropped.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 4096 -e $LAB_CALLS"
fault_init firewall-udp-replies-dropped "$1"
fault_filter -p udp --sport 5152 -j DROP
cat >server.pl <<'PERL'
use IO::Socket::INET;
$SIG{ALRM} = sub { exit };
alarm 8;
my $s = IO::Socket::INET->new(Proto => 'udp', LocalPort => 5152);
$s->send("reply $b") while $s->recv($b, 99);
PERL
cat >client.pl <<'PERL'
use IO::Socket::INET;
use IO::Select;
my $s = IO::Socket::INET->new(Proto => 'udp', PeerAddr => $ARGV[0],
    PeerPort => 5152);
for (1 .. 5) {
	syswrite $s, "question $_";
	IO::Select->new($s)->can_read(1) or print "no answer\n";
}
PERL
fault_serve_udp 5152 perl server.pl
fault_client "perl client.pl $srv"
lab_wait "$server_pid"
