#!/usr/bin/env bats
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The bench's own parts: what it measures on is a healthy exchange, whatever
# it repeats, and a table that changed is told from one that did not.

load ../lib/helper

setup()
{
	cd "$BATS_TEST_TMPDIR" || return
	bench=${PATH%%/bin:*}/bench
	nc-parse --calls >calls
}

# made PERCENT ROUNDS SEED: traces of the bench's recordings, repeated
made()
{
	local h
	mapfile -t recordings < <(cd "$ROOT/tests/bench" && python3 -c '
import inputs
print("\n".join(inputs.CASES + "/" + r for r in inputs.RECORDINGS))')
	"$ROOT/tests/bench/template" . "$1" calls "${recordings[@]}"
	for h in server client; do
		"$bench/repeat" "$2" "$3" "$h".[0-9] >"$h.trace"
	done
	printf 'host,trace,address,nat\n%s\n%s\n' server,server.trace,10.0.1.2, \
	    client,client.trace,10.0.2.2, >hosts.csv
}

# summary: what the report counts that must be 0, and the share compared
summary()
{
	netcheck -f json hosts.csv | python3 -c '
import json, sys
r = json.load(sys.stdin)
s = r["summary"]
print(len(r["findings"]), s["order_errors"], s["permanent_rejects"],
      s["forced"], s["parse_errors"], s["deviations"],
      s["bytes_compared"] == s["bytes_received"] > 0,
      s["connections"]["exact"] == len(r["connections"]) > 0)'
}

@test "bench: recordings run after run are a healthy exchange, each time" {
	for seed in 1 2 3; do
		made 0 12 $seed
		run -0 summary
		[ "$output" = "0 0 0 0 0 0 True True" ]
	done
}

@test "bench: so they are among calls that do not matter" {
	made 90 6 4
	[ "$(cut -d' ' -f3- client.trace | cut -d'(' -f1 | grep -cxFf calls)" \
	    -lt "$(($(wc -l <client.trace) / 8))" ]
	run -0 summary
	[ "$output" = "0 0 0 0 0 0 True True" ]
}

@test "bench: the same arguments make the same bytes, another seed others" {
	made 0 5 1
	cp client.trace before
	made 0 5 1
	cmp before client.trace
	made 0 5 2
	run -1 cmp -s before client.trace
}

@test "bench: a template that is damaged is refused" {
	printf 'no number\n' >bad
	run -2 --separate-stderr "$bench/repeat" 1 1 bad
	[ "$stderr" = "repeat: bad: no duration in its first line" ]
	printf '5\n\x1cP12' >bad
	run -2 --separate-stderr "$bench/repeat" 1 1 bad
	[ "$stderr" = "repeat: bad: a mark is not ended" ]
	run -2 --separate-stderr "$bench/repeat" 1 1 none
	[[ $stderr == "repeat: none: "* ]]
	run -2 "$bench/repeat" 1 1
}

@test "bench: only what changed by more than a tenth is told" {
	cd "$ROOT/tests/bench"
	run -0 python3 -c '
import table
def row(stage, times, seconds=1):
    return {"input": "i", "stage": stage, "seconds": seconds,
            "mb_per_s": 100 / seconds, "cpu_seconds": times / 10,
            "cpu_times_wc": times}
old = [row("a", 10), row("b", 10), row("c", 10), row("d", 1), row("e", 1)]
new = [row("a", 10.9), row("b", 11.1), row("c", 9), row("d", 9, 0.04),
       row("f", 9)]
print("\n".join(table.compare(old, new)))
# A machine half as fast, for both.
for r in new:
    r["cpu_seconds"] *= 2
print("\n".join(table.compare(old, new)))'
	[ "${#lines[@]}" -eq 4 ]
	[[ ${lines[0]} == "slower: i, b: 11.1 x "*", was 10.0" ]]
	[[ ${lines[1]} == "faster: i, c: 9.0 x "*", was 10.0" ]]
	[ "${lines[2]}" = "${lines[0]}" ]
	[ "${lines[3]}" = "${lines[1]}" ]
}
