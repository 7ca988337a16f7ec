#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Eight messages to a log server, each from a socket of its own, all dropped by
# the router; nothing else passes between the hosts.
# usage: datagram-loss-one-shots.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -tt -s 64 -e $LAB_CALLS"
fault_init datagram-loss-one-shots "$1"
fault_filter -p udp --dport 514 -j DROP
cat >client.pl <<'PERL'
use Socket;
for (1 .. 8) {
	socket my $u, PF_INET, SOCK_DGRAM, 0;
	connect $u, sockaddr_in(514, inet_aton($ARGV[0]));
	send $u, "<13>message $_", 0;
}
PERL
fault_serve_udp 514 socat -u UDP-RECV:514 CREATE:log
fault_client "perl client.pl $srv"
fault_end TERM
