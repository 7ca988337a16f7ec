#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: the end of a child interrupts a wait for an answer, and the client
# calls again; a receive without a limit is restarted after a stop; and a server
# that waits for its next request is told to end.
# usage: interrupted-and-repeated.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init interrupted-and-repeated "$1"
lab_py slow_http
cp "$LAB_SRC/interrupted.pl" .
LAB_FLAGS="-f -ttt -T -yy -s 512 -e $LAB_CALLS"
lab_row server lines.trace
lab_row client lines-client.trace
cat >lines.pl <<'PERL'
use IO::Socket::INET;
my $end = 0;
$SIG{TERM} = sub { $end = 1 };
my $l = IO::Socket::INET->new(LocalPort => 7000, Listen => 8, ReuseAddr => 1);
my $c = $l->accept;
while (!$end && defined sysread($c, my $line, 100)) {
	select(undef, undef, undef, 2);
	syswrite($c, "you said $line");
}
close($c);
close($l);
PERL
lab_trace_bg server lines.trace -- perl lines.pl
lines=$LAB_PID
lab_wait_port server 7000
lab_trace_bg client lines-client.trace -- "$act" tcp connect="$srv:7000" \
    send=hello recv=100 recv=100 close
client=$LAB_PID
sleep 0.5
pid=$(pgrep -P "$client")
kill -STOP "$pid"
sleep 0.5
kill -CONT "$pid"
fault_serve 8080 /usr/bin/python3 -BIS slow_http.py serve 8080 2
fault_client "exec perl interrupted.pl $srv 8080 again"
lab_stop "$lines"
lab_wait "$client"
fault_end TERM
