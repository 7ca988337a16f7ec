#!/usr/bin/env bats
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Laws over generated executions: in those of tests/lib/generate.py nothing is
# wrong, so nothing may be found; where a byte was changed, it must be.

load ../lib/helper

@test "laws: nothing is found where nothing is wrong, 150 executions" {
	run python3 "$ROOT/tests/lib/laws.py" "${PATH%%:*}" 31 150
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "laws: the order of any lawful execution, 1500 of TCP told in full" {
	run python3 "$ROOT/tests/lib/lawful.py" -j 2 "${PATH%%/bin:*}" 1 1500 \
	    udp=0 nat=0 y=2 addresses=1 null_peer=0 ff=0 string=100000
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "laws: a byte changed on the way is found, whatever the server does" {
	cd "$BATS_TEST_TMPDIR"
	for server in serial threads fork prefork epoll poll; do
		python3 "$ROOT/tests/lib/generate.py" 7 $server yy=True \
		    string=100000 same=False untraced=0 udp=False \
		    late_server=False clients=2 requests=3 \
		    end=close hosts=2 \
		    server=$server shell=True >/dev/null
		# The first byte of a request as the server read it.
		python3 - $server/server.trace <<-'END'
			import re, sys
			path = sys.argv[1]
			text = open(path, encoding="latin-1").read()
			at = re.search(r'(?:recvfrom|readv?|recvmsg)(?:\(| resumed>)'
			               r'[^\n]*?"\?000', text).end() - 4
			text = text[:at] + "#" + text[at + 1:]
			open(path, "w", encoding="latin-1").write(text)
		END
		run -1 netcheck -f json $server/hosts.csv
		[[ $output == *'"id": "payload-modified"'* ]]
	done
}
