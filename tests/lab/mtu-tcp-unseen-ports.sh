#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A client sends words of 20 bytes, which arrive, and then a file, which does not:
# the router drops what is larger than 600 bytes. Nothing is answered, no line
# tells the client's port, and both programs are ended while they wait.
# usage: mtu-tcp-unseen-ports.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -tt -s 16 -e $LAB_CALLS"
fault_init mtu-tcp-unseen-ports "$1"
fault_filter -s "$cli" -m length --length 601:65535 -j DROP
cat >server.pl <<'PERL'
use Socket;
socket my $l, PF_INET, SOCK_STREAM, 0;
setsockopt $l, SOL_SOCKET, SO_REUSEADDR, 1;
bind $l, sockaddr_in(3632, INADDR_ANY);
listen $l, 5;
accept my $c, $l;
sysread $c, my $b, 20 for 1 .. 4;
sysread $c, my $b, 4000;
PERL
cat >client.pl <<'PERL'
use Socket;
socket my $s, PF_INET, SOCK_STREAM, 0;
connect $s, sockaddr_in(3632, inet_aton($ARGV[0]));
for (1 .. 4) {
	syswrite $s, "the word number $_ **";
	select undef, undef, undef, .05;
}
syswrite $s, "x" x 3142;
my $r = '';
vec($r, fileno $s, 1) = 1;
select $r, undef, undef, 8;
PERL
fault_serve 3632 perl server.pl
fault_client "exec timeout 5 perl client.pl $srv"
fault_end TERM
