#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The link between router and server carries 1400 bytes, ICMP dropped. A
# client sends small and then large messages on two kept connections.
# usage: mtu-tcp-upload-small-link.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init mtu-tcp-upload-small-link "$1"
lab_in router ip link set to-server mtu 1400
lab_in router iptables -A OUTPUT -p icmp -j DROP
cat >srv.pl <<'EOF'
use IO::Socket::INET; use IO::Select;
my $l = IO::Socket::INET->new(LocalPort => 6100, Listen => 5, ReuseAddr => 1) or die;
for (1..2) {
  my $c = $l->accept;
  if (fork == 0) {
    my $s = IO::Select->new($c);
    while ($s->can_read(12)) { my $n = sysread($c, my $b, 65536); last unless $n; syswrite $c, "got $n\n"; }
    exit 0;
  }
  close $c;
}
wait; wait;
EOF
cat >cli.py <<'EOF'
import socket, sys
s = [socket.create_connection((sys.argv[1], 6100)) for i in range(2)]
for c in s:
    for n in (100, 700, 1200):
        c.sendall(b"k" * n)
        c.recv(100)
    c.sendall(b"L" * 5000)
for c in s:
    c.settimeout(7)
    try:
        c.recv(100)
    except OSError as e:
        print(e)
for c in s:
    c.close()
EOF
LAB_FLAGS="-f -ttt -T -yy -s 32 -e $LAB_CALLS"
fault_serve 6100 perl srv.pl
fault_client "exec python3 cli.py $srv"
lab_wait "$server_pid"
