#!/usr/bin/env bats
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# nc-model: its command line, and small exchanges in examples/ whose order,
# deviations and findings are known by hand.

load ../lib/helper

setup()
{
	cd "$BATS_TEST_TMPDIR" || return 1
	examples=$ROOT/tests/cli/examples
}

# example NAME: its order as "host-letter line", an r for a release and
# "early" before what was drawn forward; then its deviations, info ones with
# a dash; then its findings above info.
example()
{
	nc-parse -q "$examples/$1/hosts.csv" | nc-order -q | nc-model |
	    nc-diagnose | nc-report -f jsonl | python3 -c '
import json, sys
order, codes, found = [], [], []
for line in sys.stdin:
    r = json.loads(line)
    if r["record"] == "call":
        order.append("%s%d%s" % (r["host"][0], r["line"],
                                 "r" if r["call"] == "release" else ""))
    elif r["record"] == "order" and r["why"] in ("early", "forced"):
        order.append(r["why"])
    elif r["record"] == "deviation":
        codes.append(r["code"] + "-" * (r["severity"] == "info"))
    elif r["record"] == "finding" and r["severity"] != "info":
        found.append(r["id"])
print(*order)
print("codes:", *codes)
print("found:", *found)'
}

# gives NAME ORDER CODES FOUND
gives()
{
	run -0 example "$1"
	[ "${lines[0]}" = "$2" ]
	[ "${lines[1]}" = "codes:${3:+ $3}" ]
	[ "${lines[2]}" = "found:${4:+ $4}" ]
}

@test "nc-model: an unknown option shows the usage" {
	run -2 --separate-stderr nc-model -Z
	[[ $stderr == *"usage: nc-model "* ]]
}

@test "nc-model: twice the same bytes, and from standard input" {
	nc-parse -q "$examples/threads/hosts.csv" | nc-order >in.nc
	nc-model in.nc >1.nc
	nc-model <in.nc >2.nc
	cmp 1.nc 2.nc
}

@test "nc-model: calls of a host without a host record are counted" {
	pack '["call", "a", 0, 1, 1, 7, 7, 0, 0, "socket", 1, 3, 3]' >in.nc
	run -0 bash -c 'nc-model in.nc | nc-report -f jsonl'
	[[ $output == *'"name": "calls_of_unknown_hosts", "value": 1'* ]]
}

@test "nc-model: -r leaves the calls out, and the report says the same" {
	nc-parse -q "$examples/threads/hosts.csv" | nc-order >in.nc
	nc-model in.nc >whole.nc
	nc-model -r in.nc >results.nc
	run -1 bash -c 'nc-report -f jsonl results.nc |
	    grep -E "\"record\": \"(call|begin)\""'
	calls=$(nc-report -f jsonl whole.nc | grep -c '"record": "call"')
	run -0 bash -c 'nc-report -f jsonl results.nc | grep calls_left_out'
	[[ $output == *"\"value\": $calls}" ]]
	for how in "-f json" "-f csv --table connections" "--part answer,stats"; do
		for s in whole results; do
			# shellcheck disable=SC2086 # options
			nc-diagnose $s.nc | nc-report $how >$s.out
		done
		diff -u whole.out results.out
	done
}

@test "nc-model: figure 1, a changed payload" {
	gives figure-1 "a1 b1 a2 a3 b2 a4 b3 a5" MSG_DONT_MATCH \
	    payload-modified
}

@test "nc-model: figure 3, an ambiguous order: nothing is wrong" {
	gives figure-3 "a1 b1 a2 a3 b2 a4 b3 b4 a5 b5 a6 a7" "" ""
}

@test "nc-model: figure 6a, a connect waits for the listen" {
	gives figure-6a "a1 b1 a2 a3 b2" UNACCEPTED_CONN ""
}

@test "nc-model: figure 6b, a refused connect comes before the listen" {
	gives figure-6b "a1 b1 a2 b2 a3" ECONNREFUSED no-listener
}

@test "nc-model: sent after close, not unread before it" {
	gives sent-after-close "a1 b1 a2 a3 b2 a4 b3 a5 b4 a6 a6r b5 b6" \
	    "SEND_AFTER_CLOSE- SEND_AFTER_CLOSE" send-after-close
}

@test "nc-model: both ends in one trace: a release in progress is early" {
	gives one-trace \
	    "a1 a2 a3 a4 a5 a6 a7 a8 a9 a9r a10 a11 a12 early a13 a14r a15 a16r" \
	    "" ""
}

@test "nc-model: a descriptor closed under a blocked receive" {
	gives close-while-blocked "a1 b1 a2 a3 b2 a4 a5 b3 a7 a8 a8r b4" \
	    CLOSE_WHILE_BLOCKED close-while-blocked
}

@test "nc-model: a client behind a translator that nobody declared" {
	gives nat "s1 c1 s2 s3 c2 c3 s4 c4 s5 s6 c5" NAT_ADDRESS- nat
}

@test "nc-model: datagrams above a size are lost" {
	run -0 example mtu-udp
	[ "${lines[1]}" = "codes: DGRAM_LOST" ]
	[ "${lines[2]}" = "found: mtu datagram-loss" ]
}

@test "nc-model: a large send in progress lets the others go on" {
	gives threads "a1 b1 a2 a3 b2 b3 a4 early a5 a6 b5 a7 b6" "" ""
}

@test "nc-model: a resolver that is not traced" {
	gives resolver "a1 a2 a3 a4 a5 a6 a7" MSGNOTSENT- ""
}

@test "nc-model: records that contradict themselves are counted deviations" {
	# A send on a socket that nothing made; a call that ends first.
	pack '["host", "a", 0, "a.trace", 0, "strace"]' \
	    '["call", "a", 0, 1, 1, 7, 7, 0, 0, "sendto", 9, 3, 5]' \
	    '["call", "a", 0, 2, 2, 7, 7, 0, 0, "recvfrom", 9, 3, 5]' \
	    '["call", "a", 0, 3, 8, 7, 7, 0, 0, "socket", 1, 3, 3]' \
	    '["call", "a", 0, 4, 9, 7, 7, 0, 0, "bind", 1, 3, 0]' \
	    '["end", "a", 0, 9, 100, 4]' >in.nc
	run -0 --separate-stderr bash -c \
	    'nc-order in.nc | nc-model | nc-report -f jsonl'
	[ -z "$stderr" ]
	[ "$(grep -c 'a call on a socket that no call made' <<<"$output")" -eq 1 ]
	[ "$(grep -c 'a call that ends before it begins' <<<"$output")" -eq 1 ]
	[ "$(grep -c '"rule": "any_impossible"' <<<"$output")" -eq 2 ]
}

@test "nc-model: a poll that only looked makes no connect external" {
	run -0 bash -c "netcheck -f json '$ROOT/tests/cases/node-cluster' |
		jq -r '.connections | map(.match) | unique | join(\" \")'"
	[ "$output" = exact ]
}
