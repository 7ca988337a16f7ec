#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The router rejects the only port with ICMP port unreachable; the client tries it
# once, and nothing else passes. That the refusal took a second, until the SYN was
# sent again, is all that tells it from a server that was not up yet; without -T
# the next line shows it.
# usage: connection-refused-one-try.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="${LAB_FLAGS/-ttt -T/-tt}"
fault_init connection-refused-one-try "$1"
fault_filter -p tcp --dport 7311 -j REJECT
cat >server.pl <<'PERL'
use Socket;
socket my $l, PF_INET, SOCK_STREAM, 0;
setsockopt $l, SOL_SOCKET, SO_REUSEADDR, 1;
bind $l, sockaddr_in(7311, INADDR_ANY);
listen $l, 5;
accept my $c, $l;
PERL
cat >client.pl <<'PERL'
use Socket;
socket my $s, PF_INET, SOCK_STREAM, 0;
connect $s, sockaddr_in(7311, inet_aton($ARGV[0])) or print "$!\n";
PERL
fault_serve 7311 perl server.pl
fault_client "exec perl client.pl $srv"
sleep 1
fault_end TERM
