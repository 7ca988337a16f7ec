#!/usr/bin/env bats
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# What no call shows: rings that a program shares with the kernel, closes that
# were not traced, checks that were left out for it.

load ../lib/helper

setup()
{
	cd "$BATS_TEST_TMPDIR" || return 1
	cases=$ROOT/tests/cases
}

# codes HOSTS: each deviation's code and argument "call" or "why".
codes()
{
	nc-parse -q "$1" | nc-order -q | nc-model | nc-report -f jsonl |
	    python3 -c '
import json, sys
for line in sys.stdin:
    r = json.loads(line)
    if r["record"] == "deviation":
        a = r.get("args") or {}
        print(r["code"], a.get("call", a.get("why", "")))'
}

@test "untraced: a ring that serves the network, once a process" {
	codes "$cases/untraced-io-uring-server/hosts.csv" >found
	run -0 grep -c "UNTRACED_IO io_uring_enter" found
	[ "$output" = 1 ]
	# nor are its bytes taken for what nobody sent
	grep -E 'MSGNOTSENT|DATA_UNDELIVERED|UNACCEPTED' found && false
	netcheck -f json "$cases/untraced-io-uring-server/hosts.csv" | python3 -c '
import json, sys
f, = json.load(sys.stdin)["findings"]
assert f["id"] == "untraced-io" and f["severity"] == "info", f
assert f["evidence"][0]["file"].endswith("server.trace"), f'
}

@test "untraced: a ring for files only is nobody's concern" {
	codes "$cases/io-uring-files-only/hosts.csv" >found
	[ ! -s found ]
	netcheck -f json "$cases/io-uring-files-only/hosts.csv" |
	    python3 -c 'import json, sys
assert not json.load(sys.stdin)["findings"]'
}

@test "untraced: a ring of packets" {
	codes "$cases/untraced-io-packet-ring/hosts.csv" >found
	diff - found <<<"UNTRACED_IO PACKET_RX_RING"
}

@test "untraced: a ring that could not be made" {
	sed 's/^\([0-9]* [0-9.]* io_uring_enter(.*\) = 1 <.*/\1 = -1 EPERM (Operation not permitted)/' \
	    "$cases/untraced-io-uring-server/server.trace" >server.trace
	grep -q "io_uring_enter.*EPERM" server.trace
	cp "$cases/untraced-io-uring-server/client.trace" \
	    "$cases/untraced-io-uring-server/hosts.csv" .
	codes hosts.csv | { ! grep UNTRACED_IO; }
}

@test "untraced: closes that were not traced, once a trace" {
	cp "$cases/nginx-curl-keep-alive/"*.trace \
	    "$cases/nginx-curl-keep-alive/hosts.csv" .
	codes hosts.csv | { ! grep MISSED_CLOSE; }
	for f in *.trace; do
		grep -v ' close(' "$f" >less
		mv less "$f"
	done
	codes hosts.csv | grep MISSED_CLOSE | sort | uniq -c >found
	[ -s found ]
	awk '$1 > 2 { exit 1 }' found
}
