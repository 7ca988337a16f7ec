#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A Perl client connects its socket to a second server without a new socket.
# usage: already-connected-perl.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"
fault_init already-connected-perl "$1"
web_lighttpd "server.port = 8080" "\$SERVER[\"socket\"] == \":8081\" { }"
cat >ask.pl <<'PL'
use Socket;
socket(my $s, PF_INET, SOCK_STREAM, 0) or die;
for my $port (8080, 8081) {
	connect($s, pack_sockaddr_in($port, inet_aton($ARGV[0])))
	    or print "$port: $!\n";
	syswrite($s, "GET / HTTP/1.1\r\nHost: server\r\n\r\n");
	sysread($s, my $answer, 4096);
	print $answer;
}
PL
fault_serve 8080 lighttpd -D -f lighttpd.conf
fault_client "perl ask.pl $srv"
fault_end TERM
