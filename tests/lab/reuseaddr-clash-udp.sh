#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Two programs receive datagrams on one port, by SO_REUSEADDR, in traces of
# their own; the first gets nothing once the second is there.
# usage: reuseaddr-clash-udp.sh OUTDIR

# shellcheck disable=SC2016 # another program expands it
. "$(dirname "$0")/fault-lib.sh"
fault_init reuseaddr-clash-udp "$1"
lab_row server second.trace
fault_serve_udp 7000 perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(
	LocalPort => 7000, Proto => "udp", ReuseAddr => 1) or die;
	$SIG{ALRM} = sub { exit }; alarm 5;
	while ($s->recv($d, 512)) { $s->send("first $d") }'
ask='$s = IO::Socket::INET->new(PeerAddr => "'$srv':7000",
	Proto => "udp") or die; for (1 .. 4) { $s->send("ask $_");
	$s->recv($d, 512) }'
lab_row client before.trace
lab_trace client before.trace -- perl -MIO::Socket::INET -e "$ask"
first=$server_pid
lab_trace_bg server second.trace -- socat UDP-RECVFROM:7000,reuseaddr,fork \
    SYSTEM:'sed s/ask/second/'
second=$LAB_PID
sleep 1
fault_client "perl -MIO::Socket::INET -e '$ask'"
lab_stop "$second"
lab_wait "$first"
