#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# UDP through a masquerading router; the server answers each datagram.
# usage: nat-undeclared-udp.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init nat-undeclared-udp "$1"
lab_in router iptables -t nat -A POSTROUTING -p udp -o to-server -j MASQUERADE --to-ports 3000-3010
cat >srv.pl <<'EOF'
use IO::Socket::INET;
my $s = IO::Socket::INET->new(LocalPort => 5353, Proto => 'udp') or die;
while ($s->recv(my $d, 1000)) { $s->send("reply to $d"); last if $d =~ /last/ }
EOF
cat >cli.pl <<'EOF'
use IO::Socket::INET;
my $s = IO::Socket::INET->new(PeerAddr => $ARGV[0], Proto => 'udp') or die;
for (1..12) { $s->send("message number $_" . ($_ == 12 ? " last" : "")); $s->recv(my $d, 1000); print "$d\n" }
EOF
LAB_FLAGS="-f -ttt -T -yy -s 300 -e $LAB_CALLS"
fault_serve_udp 5353 perl srv.pl
fault_client "exec perl cli.pl $srv:5353"
lab_wait "$server_pid"
