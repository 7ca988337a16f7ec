# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Asks a slow server; a child that ends meanwhile interrupts the wait.
# usage: interrupted.pl HOST PORT again|never
use Errno;
use IO::Socket::INET;

$SIG{CHLD} = sub { wait };
my $s = IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => $ARGV[1])
    or die "connect: $!\n";
if (fork() == 0) {
	select(undef, undef, undef, 0.5);
	exit 0;
}
syswrite($s, "GET / HTTP/1.0\r\n\r\n");
while (!defined sysread($s, my $answer, 1000)) {
	next if $ARGV[2] eq "again" && $!{EINTR};
	warn "read: $!\n";
	last;
}
close($s);
select(undef, undef, undef, 0.5);
