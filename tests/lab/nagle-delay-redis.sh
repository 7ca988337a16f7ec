#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A perl client whose requests to redis are written in two parts.
# usage: nagle-delay-redis.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init nagle-delay-redis "$1"
fault_serve 6379 redis-server --port 6379 --bind '*' --save '' \
    --protected-mode no --dir "$LAB_WORK"
cat >parts.pl <<'PERL'
use IO::Socket::INET;
my $s = IO::Socket::INET->new(PeerAddr => "$ARGV[0]:6379") or die;
for (1 .. 10) {
	syswrite($s, "SET name$_ ");
	syswrite($s, "value$_\r\n");
	sysread($s, my $answer, 100);
}
PERL
fault_client "perl $LAB_WORK/parts.pl $srv"
fault_end TERM
