#!/usr/bin/env bats
# shellcheck disable=SC2086 # a reader may come with options
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Laws that hold for every program that reads record streams.

load ../lib/helper

setup()
{
	cd "$BATS_TEST_TMPDIR" || return 1
	readers=(nc-order nc-model nc-diagnose "nc-report -f jsonl")
	filters=(nc-order nc-model nc-diagnose)
	host='["host", "a", 0, b"a.trace", 0, "strace"]'
	call='["call", "a", 0, 1, 1, 7, 7, 0, 0, "socket", 1, 3, 3]'
	fin='["end", "a", 0, 1, 60, 1, 1]'
}

# contains FILE PART: the bytes of PART stand somewhere in FILE
contains()
{
	python3 -c 'import sys
a, b = (open(p, "rb").read() for p in sys.argv[1:])
sys.exit(b not in a)' "$1" "$2"
}

@test "streams: a record of an unknown kind passes through byte for byte" {
	local weather='["weather", "a", b"\xff\x00", 1.5, {"k": [None, True]}]'
	pack --raw "$weather" >part
	pack --schema '{"weather": ["host", "sky", "wind", "more"]}' \
	    "$host" "$weather" "$call" "$fin" >in.nc
	for p in "${filters[@]}"; do
		$p in.nc >out.nc
		contains out.nc part
	done
}

@test "streams: a field appended by a newer release passes through" {
	local count='["count", "stage", "name", 7, "new"]'
	pack --raw "$count" >part
	pack --schema '{"count": ["stage", "name", "value", "unit"]}' \
	    "$host" "$count" "$fin" >in.nc
	for p in "${filters[@]}"; do
		$p in.nc >out.nc
		contains out.nc part
	done
}

@test "streams: fields in another order are found by their names" {
	pack --schema '{"host": ["trace", "lane", "file", "host"]}' \
	    '["host", 0, 0, b"a.trace", "elsewhere"]' >in.nc
	run -0 nc-report -f jsonl in.nc
	[[ $output == *'"host": "elsewhere"'* ]]
}

@test "streams: two streams in one input are their union" {
	pack "$host" "$call" "$fin" >a.nc
	pack "${host//\"a\"/\"b\"}" "${call//\"a\"/\"b\"}" \
	    "${fin//\"a\"/\"b\"}" >b.nc
	nc-order a.nc b.nc >apart.nc
	cat a.nc b.nc | nc-order >joined.nc
	cmp apart.nc joined.nc
	cat a.nc b.nc | nc-order - >dash.nc
	cmp apart.nc dash.nc
}

@test "streams: a cut stream is noticed, wherever it was cut" {
	pack "$host" "$call" "$fin" >in.nc
	local size n
	size=$(wc -c <in.nc)
	for p in "${readers[@]}"; do
		for ((n = 0; n < size; n += size / 12)); do
			head -c "$n" in.nc >cut.nc
			run -2 --separate-stderr $p cut.nc
			[[ $stderr == "${p%% *}: "*cut.nc* ]]
		done
		run -2 --separate-stderr $p < <(head -c $((size - 1)) in.nc)
		[[ $stderr == "${p%% *}: "* ]]
	done
}

@test "streams: a cut input makes the output incomplete for the next stage" {
	pack "$host" "$call" "$fin" >in.nc
	head -c "$(($(wc -c <in.nc) - 2))" in.nc >cut.nc
	for p in "${filters[@]}"; do
		$p cut.nc >out.nc 2>/dev/null || :
		run -2 --separate-stderr nc-report -f jsonl out.nc
	done
}

@test "streams: a stream whose maker failed is passed on as such, status 2" {
	pack --not-ok "$host" "$call" "$fin" >in.nc
	for p in "${filters[@]}"; do
		run -2 --separate-stderr bash -c "$p in.nc >out.nc"
		run -2 --separate-stderr nc-report out.nc
	done
}

@test "streams: text is not a record stream" {
	echo "host,trace" >text
	for p in "${readers[@]}"; do
		run -2 --separate-stderr $p text
		[[ $stderr == *"not a record stream"* ]]
	done
}

@test "streams: damage is told by the record's number and offset" {
	pack "$host" "$call" "$call" "$fin" >in.nc
	local third
	# The bytes of header, host and call: where the second call begins.
	third=$(python3 -c 'import msgpack, sys
u = msgpack.Unpacker(open("in.nc", "rb"), strict_map_key=False)
for _ in range(3):
    u.skip()
print(u.tell())')
	printf '\301' | dd of=in.nc bs=1 seek="$third" conv=notrunc status=none
	for p in "${readers[@]}"; do
		run -2 --separate-stderr $p in.nc
		[ "$stderr" = "${p%% *}: in.nc: record 4 at byte $third: malformed record" ]
	done
}

@test "streams: a newer version is refused in words" {
	python3 -c 'import sys, msgpack
sys.stdout.buffer.write(msgpack.packb(["netcheck", 2, {}]) +
    msgpack.packb(["eof", 0, 1]))' >new.nc
	for p in "${readers[@]}"; do
		run -2 --separate-stderr $p new.nc
		[[ $stderr == *"version 2"* ]]
	done
}

@test "streams: hostile lengths cost neither memory nor time" {
	printf '\335\377\377\377\377' >array.nc
	printf '\223\250netcheck\001\337\377\377\377\377' >header.nc
	# The address sanitizer needs the space, and has a limit of its own.
	[ -n "${ASAN_OPTIONS:-}" ] || limit="ulimit -v 2000000;"
	for p in "${readers[@]}"; do
		for f in array.nc header.nc; do
			run -2 --separate-stderr bash -c \
			    "${limit:-} timeout 5 $p $f"
		done
	done
}

@test "streams: a file that is not there is named, status 2" {
	for p in "${readers[@]}" nc-parse; do
		run -2 --separate-stderr $p nowhere.nc
		[[ $stderr == "${p%% *}: "*nowhere.nc* ]]
	done
}

@test "streams: a full device is noticed" {
	[ -w /dev/full ] || skip "no /dev/full here"
	pack "$host" "$call" "$fin" >in.nc
	for p in "${readers[@]}"; do
		run -2 --separate-stderr bash -c "$p in.nc >/dev/full"
		[[ $stderr == "${p%% *}: standard output: No space left"* ]]
	done
}

@test "streams: a reader that leaves early ends a stage quietly" {
	pack "$host" "$fin" >in.nc
	for p in "${readers[@]}"; do
		run -0 --separate-stderr bash -c "$p in.nc | :"
		[ -z "$stderr" ]
	done
}

@test "streams: -V prints name and version" {
	for p in "${readers[@]}" nc-parse; do
		run -0 --separate-stderr ${p%% *} -V
		[[ $output =~ ^"${p%% *} "[0-9]+\.[0-9]+ ]]
		[ -z "$stderr" ]
	done
}

@test "streams: -h and --help print the usage on standard output" {
	for p in "${readers[@]}" nc-parse; do
		for help in -h --help; do
			run -0 --separate-stderr ${p%% *} $help
			[[ $output == "usage: ${p%% *} "* && -z $stderr ]]
			run -2 --separate-stderr \
				bash -c "${p%% *} $help >/dev/full"
			[[ $stderr == "${p%% *}: standard output: No space"* ]]
		done
	done
}

@test "streams: a wrong option prints usage on standard error, status 2" {
	for p in "${readers[@]}" nc-parse; do
		run -2 --separate-stderr ${p%% *} -?
		[ -z "$output" ]
		[[ $stderr == *"usage: ${p%% *} "* ]]
	done
}

@test "streams: what contradicts itself, is damaged or cut harms no stage, 1000" {
	local cases=() c
	for c in figure-3-ambiguous-order unread-data-figure-8 paper-call \
	    nat-undeclared-python multicast-group interrupted-call-child; do
		cases+=("$ROOT/tests/cases/$c")
	done
	run python3 "$ROOT/tests/lib/contradict.py" "${PATH%%:*}" 1 1000 \
	    "${cases[@]}"
	echo "$output"
	[ "$status" -eq 0 ]
}
