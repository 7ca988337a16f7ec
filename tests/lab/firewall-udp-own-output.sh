#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The client's OUTPUT chain drops UDP to 9002: sendto says EPERM.
# usage: firewall-udp-own-output.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init firewall-udp-own-output "$1"
lab_in client iptables -A OUTPUT -p udp --dport 9002 -j DROP
LAB_FLAGS="-f -ttt -T -yy -s 64 -e $LAB_CALLS"
fault_serve_udp 9002 socat -u UDP-RECV:9002 STDOUT
cat >cli.pl <<'EOF'
use IO::Socket::INET;
my $s = IO::Socket::INET->new(PeerAddr => $ARGV[0], Proto => 'udp');
for (1 .. 4) {
	$s->send("m$_") or print "$!\n";
}
EOF
fault_client "exec perl cli.pl $srv:9002"
fault_end TERM
