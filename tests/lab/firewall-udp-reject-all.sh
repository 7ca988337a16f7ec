#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The router rejects UDP to the only port with ICMP port unreachable. Nothing
# passes between the two, so that no order and no clock tells whether the socket
# that waits there was bound by then.
# usage: firewall-udp-reject-all.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -tt -s 64 -e $LAB_CALLS"
fault_init firewall-udp-reject-all "$1"
fault_filter -p udp --dport 7313 -j REJECT
cat >server.pl <<'PERL'
use Socket;
socket my $s, PF_INET, SOCK_DGRAM, 0;
bind $s, sockaddr_in(7313, INADDR_ANY);
while (my $a = recv $s, my $b, 500, 0) {
	send $s, "ok $b", 0, $a;
}
PERL
cat >client.pl <<'PERL'
use Socket;
socket my $s, PF_INET, SOCK_DGRAM, 0;
setsockopt $s, SOL_SOCKET, SO_RCVTIMEO, pack "qq", 1, 0;
connect $s, sockaddr_in(7313, inet_aton($ARGV[0]));
for my $i (1 .. 5) {
	send $s, "reading $i", 0;
	recv $s, my $b, 500, 0;
	print "$!\n";
}
PERL
fault_serve_udp 7313 perl server.pl
fault_client "exec perl client.pl $srv"
sleep 1
fault_end TERM
