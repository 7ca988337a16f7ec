#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The server closes after the greeting; the perl client goes on writing and
# dies of SIGPIPE.
# usage: send-after-close-sigpipe.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init send-after-close-sigpipe "$1"
LAB_FLAGS="-f -ttt -T -yy -e $LAB_CALLS"
cat >cli.pl <<'EOF'
use IO::Socket::INET;
my $s = IO::Socket::INET->new($ARGV[0]);
$s->autoflush(1);
sysread $s, my $b, 100;
for (1 .. 4) {
	print $s "command $_\n";
	select undef, undef, undef, 0.5;
}
EOF
fault_serve 9400 "$act" tcp reuse bind=0.0.0.0:9400 listen=5 accept=1 \
    'write=hello' recv=20 close sleep=2500
fault_client "perl cli.pl $srv:9400"
lab_wait "$server_pid"
