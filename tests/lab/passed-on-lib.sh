# shellcheck shell=bash disable=SC2034
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A server that answers one question a connection, and its client, for what stands
# between them. Sourced instead of fault-lib.sh.
#
# passed_init NAME OUTDIR	as fault_init; makes server.pl and client.pl
# passed_serve BYTES TIMES	trace the server at port 7320: it reads so many bytes
#	of a question, and answers only if that was all of it
# passed_ask PORT TIMES [PORT]	trace the client that asks so often, at each of the
#	ports by turns; then wait for the server's end

. "$(dirname "$0")/fault-lib.sh"

passed_init()
{
	fault_init "$@"
	LAB_FLAGS="-f -ttt -T -yy -s 64 -e $LAB_CALLS"
	cat >server.pl <<'PERL'
use Socket;
my ($port, $bytes, $times) = @ARGV;
socket my $l, PF_INET, SOCK_STREAM, 0;
setsockopt $l, SOL_SOCKET, SO_REUSEADDR, 1;
bind $l, sockaddr_in($port, INADDR_ANY);
listen $l, 5;
for my $i (1 .. $times) {
	accept my $c, $l;
	sysread $c, my $b, $bytes;
	syswrite $c, "answer $i to $b" if $b =~ /\?$/;
	close $c;
}
PERL
	cat >client.pl <<'PERL'
use Socket;
my ($host, $times, $who, @ports) = @ARGV;
for my $i (1 .. $times) { for my $port (@ports) {
	socket my $s, PF_INET, SOCK_STREAM, 0;
	connect $s, sockaddr_in($port, inet_aton($host)) or print "$!\n";
	syswrite $s, "question $i of $who at $port?";
	sysread $s, my $b, 99;
	sysread $s, $b, 99;
	close $s;
	select undef, undef, undef, 0.02;
} }
PERL
}

passed_serve()
{
	fault_serve 7320 perl server.pl 7320 "$1" "$2"
}

passed_ask()
{
	fault_client "exec perl client.pl $srv $2 traced $1 ${3:-}"
	lab_wait "$server_pid"
}
