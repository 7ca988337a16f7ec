#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A server reads twenty bytes, a gawk client sends five and waits for the answer,
# until it is ended; strace -tt tells when calls began, not how long they took,
# nor from which port the client came.
# usage: deadlock-without-durations.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -tt -s 64 -e $LAB_CALLS"
fault_init deadlock-without-durations "$1"
cat >server.pl <<'PERL'
use Socket;
socket my $l, PF_INET, SOCK_STREAM, 0;
setsockopt $l, SOL_SOCKET, SO_REUSEADDR, 1;
bind $l, sockaddr_in(8100, INADDR_ANY);
listen $l, 5;
accept my $c, $l;
while (length $b < 20) {
	sysread $c, $b, 20 - length $b, length $b or last;
}
syswrite $c, "ok\n";
PERL
cat >client.awk <<'AWK'
BEGIN {
	server = "/inet/tcp/0/" host "/8100"
	printf "hello" |& server
	fflush(server)
	server |& getline answer
}
AWK
fault_serve 8100 perl server.pl
fault_client "exec timeout 7 gawk -v host=$srv -f client.awk"
lab_wait "$server_pid"
