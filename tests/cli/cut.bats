#!/usr/bin/env bats
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy runs of which one trace begins late, as strace -p has it, or ends
# early: nothing is wrong, and nobody says so.

load ../lib/helper

setup()
{
	cd "$BATS_TEST_TMPDIR" || return 1
}

# part CASE TRACE WAY PERCENT: the case with that much of one trace; WAY is head
# or tail, the end that is kept
part()
{
	local from=$ROOT/tests/cases/$1
	cp "$from"/*.trace* .
	case $2 in
	*.xz) xz -dc "$2" ;;
	*) cat "$2" ;;
	esac >whole.trace
	"$3" -n $(($(wc -l <whole.trace) * $4 / 100)) whole.trace >part.trace
	sed "s/,$2,/,part.trace,/" "$from/hosts.csv" >hosts.csv
	grep -q part.trace hosts.csv
}

silent()
{
	part "$@"
	run -0 netcheck -q hosts.csv
	[[ $output == "No problem found: "* ]]
}

@test "cut: the receiver of datagrams ends before they are sent" {
	silent rsyslog-logger server.trace head 60
}

@test "cut: the sender of datagrams ends before they are received" {
	silent udp-repeats-itself client.trace head 60
}

@test "cut: the receiver of like datagrams begins late" {
	silent udp-repeats-itself server.trace tail 20
}

@test "cut: the other end of an exchange of datagrams begins late" {
	silent udp-ping-pong-mmsg server.trace tail 60
}

@test "cut: a client behind a declared translator begins late" {
	silent nat-declared client.trace.xz tail 20
}

@test "cut: a server of names begins late" {
	silent bind9-dig server.trace.xz tail 50
	silent dns-search-list server.trace tail 10
}

@test "cut: the other end of an exchange begins late, and only answers show" {
	silent udp-ping-pong-python server.trace tail 10
}

@test "cut: without times, a client that had connected before begins late" {
	part php-server-wget client.trace tail 50
	for t in server.trace part.trace; do
		python3 "$ROOT/tests/lib/retime.py" strip <"$t" >bare
		mv bare "$t"
	done
	run -0 netcheck -q hosts.csv
	[[ $output == "No problem found: "* ]]
}
