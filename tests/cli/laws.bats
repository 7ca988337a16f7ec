#!/usr/bin/env bats
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Laws over generated executions: in those of tests/lawful nothing is wrong, so
# nothing may be found; where something was made to go wrong, that must be.

load ../lib/helper

# lawful SEEDS CHOICES...: from the first, or from $at
lawful() {
	run python3 "$ROOT/tests/lib/lawful.py" -j 2 "${most[@]}" \
	    "${PATH%%/bin:*}" "${at:-1}" "$@"
	echo "$output"
	[ "$status" -eq 0 ]
}

most=()
full=(y=2 addresses=1 null_peer=0 ff=0 string=100000 nat=0 shell=1)
all=("${full[@]}" unseen=0 untraced=0)

@test "laws: any lawful execution over TCP that is told in full, 1500" {
	lawful 1500 udp=0 "${full[@]}"
}

@test "laws: any lawful execution with datagrams that is told in full, 1000" {
	most=(-m .1)
	lawful 1000 udp=3 "${all[@]}"
}

# tests/lawful/statistics.csv shows both; remove it to have it made anew.
@test "laws: generated executions overlap and race as recorded ones do" {
	local recorded
	"${PATH%%/bin:*}/lawful" "$BATS_TEST_TMPDIR" 1 200 ff=0 >/dev/null
	mapfile -t recorded < <(grep -l "^status 0" "$ROOT"/tests/cases/*/expect |
	    while IFS= read -r e; do ls "${e%/*}"/*.trace{,.xz} || :; done 2>/dev/null)
	run python3 "$ROOT/tests/lib/statistics.py" \
	    -t "$ROOT/tests/lawful/statistics.csv" "${recorded[@]}" -- \
	    "$BATS_TEST_TMPDIR"/*/*.trace
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "laws: any lawful execution, whatever the trace tells, 1500" {
	lawful 1500
}

@test "laws: executions of which something wrong was once told" {
	local seed
	for seed in 128731 314757 333065 333955 401529 402354 407961 411274 \
	    411562 412873 501658 501836 507191 509747 510294 522794 525440 \
	    533892; do
		at=$seed lawful 1 at_once=0 direct=0 impatient=0
	done
	for seed in 500237 502521 503533 504818 507920 529361 704089 727529 \
	    729525 787260 796067 833117 836503 837944 845129; do
		at=$seed lawful 1
	done
	for seed in 306 829 904 1454 1745; do
		at=$seed lawful 1 births=2 at_once=0 direct=0 impatient=0
	done
	for seed in 537 741 787; do
		at=$seed lawful 1 fault=2 "${all[@]}" at_once=0 direct=0 impatient=0
	done
}

@test "laws: programs that strace attached to one by one, 300" {
	lawful 300 shell=0
}

@test "laws: threads that are made at the same time, 300" {
	lawful 300 births=1
}

@test "laws: threads that are at work before their makers know them, 300" {
	lawful 300 births=2
}

@test "laws: a datagram that is lost is told, and nothing else" {
	lawful 200 fault=1 "${all[@]}"
}

# An echo of a copy looks like a copy of the echo.
@test "laws: a datagram that comes twice is told, and nothing else" {
	most=(-m .5)
	lawful 200 fault=2 "${all[@]}"
}

@test "laws: a datagram that is late is nothing to tell" {
	lawful 200 fault=3 "${all[@]}"
}

@test "laws: an altered datagram is told, and nothing else" {
	most=(-m .5)
	lawful 200 fault=4 "${all[@]}"
}

@test "laws: a reset by the network is told at both ends, and nothing else" {
	lawful 200 fault=5 udp=0 "${all[@]}"
}

@test "laws: each refused connect is told, and nothing else" {
	lawful 200 fault=6 udp=0 "${all[@]}"
}

@test "laws: each connect to a port that is dropped is told, nothing else" {
	lawful 200 fault=7 udp=0 "${all[@]}"
}

@test "laws: a byte of a stream that is changed is told, and nothing else" {
	local server
	for server in {0..13}; do
		lawful 20 fault=8 udp=0 server="$server" "${all[@]}"
	done
}

@test "laws: a connection whose path dies is told, and nothing else" {
	local server
	lawful 200 fault=9 udp=0 "${all[@]}"
	for server in 1 3 7 9 10 11 12 13; do
		lawful 20 fault=9 udp=0 server="$server" "${all[@]}"
	done
}

@test "laws: of two faults neither hides the other" {
	local pair
	most=(-m 2)
	for pair in "1 2" "1 5" "2 9" "3 8" "4 7" "5 6" "5 9" "8 6" "9 7"; do
		lawful 50 fault="${pair% *}" also="${pair#* }" "${all[@]}"
	done
}

@test "laws: faults are told, and nothing else, where strings are cut" {
	local fault
	most=(-m 2)
	for fault in {1..4}; do
		lawful 60 fault="$fault" "${all[@]}" string=32
	done
	for fault in {5..9}; do
		lawful 60 fault="$fault" udp=0 "${all[@]}" string=32
		lawful 60 fault="$fault" udp=0 "${all[@]}" string=8
	done
}

@test "laws: what comes through a translator is told, and nothing else" {
	lawful 200 hosts=3 udp=0 "${all[@]}" nat=1
	lawful 100 hosts=3 udp=0 "${all[@]}" nat=2
}

@test "laws: refused connects are told where a translator hides the clients" {
	lawful 100 hosts=3 fault=6 udp=0 "${all[@]}" nat=1
}

# Datagrams that go while a sendmmsg is under way, which tells them at its end.
@test "laws: faults of what a sendmmsg in progress has sent are told" {
	local fault
	for fault in 1 2 3 4; do
		lawful 100 udp=4 udp_server=2 fault="$fault" "${all[@]}"
	done
}
