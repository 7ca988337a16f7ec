#!/usr/bin/env bats
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Laws over generated executions: in those of tests/lawful nothing is wrong, so
# nothing may be found; where something was made to go wrong, that must be.

load ../lib/helper

# lawful SEEDS CHOICES...
lawful() {
	run python3 "$ROOT/tests/lib/lawful.py" -j 2 "${most[@]}" \
	    "${PATH%%/bin:*}" 1 "$@"
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

@test "laws: generated executions overlap and race as recorded ones do" {
	local recorded
	"${PATH%%/bin:*}/lawful" "$BATS_TEST_TMPDIR" 1 200 ff=0 >/dev/null
	mapfile -t recorded < <(grep -l "^status 0" "$ROOT"/tests/cases/*/expect |
	    while IFS= read -r e; do ls "${e%/*}"/*.trace{,.xz} || :; done 2>/dev/null)
	run -0 python3 "$ROOT/tests/lib/statistics.py" "${recorded[@]}" -- \
	    "$BATS_TEST_TMPDIR"/*/*.trace
	[[ $output == *overlapping* ]]
}

@test "laws: any lawful execution, whatever the trace tells, 1500" {
	lawful 1500
}

@test "laws: programs that strace attached to one by one, 300" {
	lawful 300 shell=0
}

@test "laws: threads that are made at the same time, 300" {
	lawful 300 births=1
}

# Whose child a thread is that shows before its maker's call returns cannot be
# told where another makes one meanwhile: once its maker is known, it is
# another's, but for what it has called so far.
@test "laws: threads that are at work before their makers know them, 300" {
	most=(-m .7)
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

@test "laws: a byte changed on the way is found, whatever the server does" {
	local server
	cd "$BATS_TEST_TMPDIR"
	for server in {0..13}; do
		mkdir "$server"
		"${PATH%%/bin:*}/lawful" "$server" 7 1 server="$server" "${all[@]}" \
		    udp=0 hosts=2 clients=2 requests=3 end=0 same=0 big=0 \
		    proxy=0 threaded=0 late_server=0 sendfile=0 >/dev/null
		# The first byte of a request as the server read it.
		python3 - "$server"/7/server.trace <<-'END'
			import re, sys
			path = sys.argv[1]
			text = open(path, encoding="latin-1").read()
			at = re.search(r'(?:recvfrom|readv?|recvmsg)(?:\(| resumed>)'
			               r'[^\n]*?"\?000', text).end() - 4
			text = text[:at] + "#" + text[at + 1:]
			open(path, "w", encoding="latin-1").write(text)
		END
		run -1 netcheck -f json "$server"/7/hosts.csv
		[[ $output == *'"id": "payload-modified"'* ]]
	done
}
