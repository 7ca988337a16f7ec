#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A server with one thread polls a nonblocking listener and what it accepts,
# and reads each until EAGAIN. On Linux what it accepts is blocking: while its
# first client is quiet, nobody else is served.
# usage: flag-inheritance-perl.sh OUTDIR

# shellcheck disable=SC2016 # another program expands it
. "$(dirname "$0")/fault-lib.sh"
fault_init flag-inheritance-perl "$1"
fault_serve 7000 perl -MIO::Socket::INET -MIO::Select -e '
$l = IO::Socket::INET->new(LocalPort => 7000, Listen => 5, ReuseAddr => 1,
    Blocking => 0) or die;
$s = IO::Select->new($l);
while ($n < 2) {
	for $h ($s->can_read) {
		if ($h == $l) { $s->add($c) if $c = $l->accept; next }
		$q = "";
		while ($r = sysread($h, $d, 64)) {
			$q .= $d; syswrite($h, "got $d") }
		next unless defined $r;
		$s->remove($h); close($h); $n++;
	}
}'
fault_client "(echo one; sleep 3) | socat -t5 - TCP:$srv:7000 &
sleep 0.5; echo two | socat -t5 - TCP:$srv:7000; wait"
lab_wait "$server_pid"
