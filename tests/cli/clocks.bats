#!/usr/bin/env bats
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Bounds on the difference of two hosts' clocks, from recordings of hosts that
# had one clock: the true difference is 0, or what the test makes of it.

load ../lib/helper

setup()
{
	cd "$BATS_TEST_TMPDIR" || return 1
	cases=$ROOT/tests/cases
}

# bounds FILE: "a b low high change" of each pair of hosts, in microseconds.
bounds()
{
	nc-parse -q "$1" | nc-order -q | nc-model | nc-report -f jsonl |
	    python3 -c '
import json, sys
for line in sys.stdin:
    r = json.loads(line)
    if r["record"] == "clock":
        print(r["a"], r["b"], r["low"] // 1000, r["high"] // 1000,
              r.get("change") or "constant")'
}

@test "clocks: the bounds of hosts with one clock hold zero, and little else" {
	for c in asyncio-echo-30-connections redis-pipelining \
	    python-http-20-threads three-hosts-one-client-dropped \
	    dns-dnsmasq-dig ff-fork-threads udp-ping-pong-mmsg \
	    blocked-send-while-reading mtu-udp-length-drop rsync-daemon; do
		bounds "$cases/$c/hosts.csv" >b
		[ -s b ]
		awk -v c="$c" '$3 > 0 || $4 < 0 || $4 - $3 > 6000 ||
		    $5 != "constant" { print c ": " $0; bad = 1 }
		    END { exit bad }' b
	done
}

@test "clocks: they shift with a host's clock, and nothing else does" {
	cp "$cases/asyncio-echo-30-connections/"*.trace \
	    "$cases/asyncio-echo-30-connections/hosts.csv" .
	bounds hosts.csv >before
	"$ROOT/tests/lib/retime.py" shift 3600 <client.trace >later
	mv later client.trace
	bounds hosts.csv >after
	awk '{ printf "%s %s %.0f %.0f %s\n", $1, $2, $3 + 3.6e9,
	    $4 + 3.6e9, $5 }' before | diff - after
}

@test "clocks: one that is set in the middle is told, and no fault" {
	cp "$cases/asyncio-echo-30-connections/"*.trace \
	    "$cases/asyncio-echo-30-connections/hosts.csv" .
	half=$(($(wc -l <client.trace) / 2))
	head -n $half client.trace >early
	tail -n +$((half + 1)) client.trace |
	    "$ROOT/tests/lib/retime.py" shift -60 >late
	cat early late >client.trace
	bounds hosts.csv >b
	awk '$3 > -59000000 || $3 < -61000000 || $4 < -10000 || $5 != "set" {
	    print; exit 1 }' b
	run -0 netcheck --part stats,problems hosts.csv
	[[ $output == *"was set meanwhile"* ]]
	[[ $output == *clock-offset* ]]
}
