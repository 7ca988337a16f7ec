#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The router rejects the only port with ICMP port unreachable, which reaches a
# nonblocking connect while poll waits: that reports the error alone, where a reset
# is a hang-up as well. No times. Which of the two it is depends on how soon poll
# is called: the client tries again, on a new socket, until it is this one.
# usage: connection-refused-icmp-report.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -s 64 -e $LAB_CALLS"
fault_init connection-refused-icmp-report "$1"
fault_filter -p tcp --dport 7312 -j REJECT
cat >server.pl <<'PERL'
use Socket;
socket my $l, PF_INET, SOCK_STREAM, 0;
setsockopt $l, SOL_SOCKET, SO_REUSEADDR, 1;
bind $l, sockaddr_in(7312, INADDR_ANY);
listen $l, 5;
accept my $c, $l;
PERL
cat >client.pl <<'PERL'
use Socket;
use IO::Poll qw(POLLOUT POLLERR POLLHUP);
socket my $s, PF_INET, SOCK_STREAM, 0;
fcntl $s, 4, 2048;
connect $s, sockaddr_in(7312, inet_aton($ARGV[0]));
my $p = IO::Poll->new;
$p->mask($s => POLLOUT);
$p->poll(3);
$! = unpack "i", getsockopt $s, SOL_SOCKET, SO_ERROR;
print "$!\n";
PERL
fault_serve 7312 perl server.pl
for _ in $(seq 100); do
	fault_client "exec perl client.pl $srv"
	! grep -q 'revents=POLLERR}' "$LAB_OUT/client.trace" || break
done
sleep 1
fault_end TERM
