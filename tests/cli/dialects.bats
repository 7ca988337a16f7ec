#!/usr/bin/env bats
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# nc-parse on recordings under many flags and versions of strace, and on
# damaged files: tests/data/dialects.

load ../lib/helper

@test "dialects: damaged and odd files cost no more than their bad lines" {
	run -0 python3 "$ROOT/tests/lib/dialects.py" malformed
	[ "$output" = "88 of 88" ]
}

@test "dialects: the same program gives the same records under all flags" {
	run -0 python3 "$ROOT/tests/lib/dialects.py" strace
	[ "$output" = "122 of 122" ]
}

@test "dialects: its records are those that another program found" {
	run -0 python3 "$ROOT/tests/lib/dialects.py" expected
	[ "$output" = "6 of 6" ]
}

@test "dialects: every line of every recording is accounted for" {
	run -0 python3 "$ROOT/tests/lib/dialects.py" ledger
	[ "${#lines[@]}" -eq 1 ]
}

@test "descriptors: each stands for the socket that the program meant" {
	run -0 python3 "$ROOT/tests/lib/descriptors.py"
	[ "$output" = "108 of 108" ]
}

@test "dialects: captures of a terminal on which the program wrote, too" {
	for f in "$ROOT"/tests/data/dialects/terminal/*.trace; do
		run -0 --separate-stderr bash -c \
		    "nc-parse --strict '$f' | nc-report -f jsonl"
		[ "$(wc -l <<<"$stderr")" -eq 2 ]
		[[ $output == *'"program output": 29'*'"lost": 0,'* ]]
	done
}

@test "dialects: captures of a terminal on which several threads wrote" {
	for f in "$ROOT"/tests/data/dialects/terminal/threads.{pipe,script}; do
		run -0 --separate-stderr bash -c \
		    "nc-parse --strict '$f' | nc-report -f jsonl"
		[[ $stderr == *"within other lines, taken out"* ]]
		[[ $output == *'"rejected": 0,'*'"program output": '* ]]
	done
	run -0 python3 "$ROOT/tests/lib/weave.py" \
	    "$ROOT/tests/data/dialects/terminal/threads.clean" 40
	[ "$output" = "40 of 40" ]
}

@test "dialects: traces of other systems, with bad lines in them" {
	run -0 python3 "$ROOT/tests/lib/dialects.py" foreign
	[ "$output" = "8 of 8" ]
}

# What a tracer shows of an exchange does not depend on which one it is.
@test "dialects: truss, kdump and strace tell the same of one program" {
	run -0 python3 "$ROOT/tests/lib/foreign.py" law
	[[ $output == [2-9][0-9][0-9]" calls compared" ]]
}

@test "dialects: what shows no addresses or payload is refused by its name" {
	cd "$ROOT/tests/data/dialects/refused"
	for tracer in perf dtruss sysdig; do
		run -2 --separate-stderr nc-parse $tracer.trace
		[[ $stderr == "nc-parse: $tracer.trace:1: $tracer"*"shows no"* ]]
		[ "${#stderr_lines[@]}" -eq 1 ]
		# Forced, it is read for what it is worth.
		run -2 --separate-stderr nc-parse -F strace $tracer.trace
		[[ $stderr == *"no calls in this trace"* ]]
		run -2 --separate-stderr nc-parse -F $tracer $tracer.trace
		[[ $stderr == *"unknown dialect \"$tracer\""* ]]
	done
}

@test "dialects: a format is named, or a family of which one is told" {
	local data="$ROOT/tests/data/dialects" format
	cd "$BATS_TEST_TMPDIR"
	cp "$data/truss-solaris/threads.trace" s
	cp "$data/truss-freebsd/old.trace" f
	cp "$data/kdump/freebsd.trace" k
	for format in truss truss-freebsd; do
		printf 'host,trace,format\na,f,%s\n' "$format" >hosts.csv
		run -0 bash -c 'nc-parse -q hosts.csv | nc-report -f jsonl'
		[[ ${lines[0]} == *'"dialect": "truss-freebsd"'* ]]
	done
	printf 'host,trace,format\na,s,truss\nb,k,ktrace\n' >hosts.csv
	run -0 bash -c 'nc-parse -q hosts.csv | nc-report -f jsonl'
	[[ ${lines[0]} == *'"dialect": "truss-solaris"'* ]]
	[[ ${lines[1]} == *'"dialect": "kdump"'* ]]
	# None of that family.
	run -2 --separate-stderr nc-parse -F truss k
	[[ $stderr == *"k:1: not a trace"* ]]
}

@test "dialects: what one never shows stands in the ledger, once" {
	local data="$ROOT/tests/data/dialects"
	run bash -c "netcheck --part ledger '$data/truss-freebsd/old.trace' \
	    '$data/truss-solaris/threads.trace' 2>/dev/null"
	[[ $output == *"(truss-freebsd)"*"not shown by this trace: "* ]]
	[ "$(grep -c 'calls in progress' <<<"$output")" -eq 1 ]
	[[ $output == *"out of phase 4"* ]]
	[[ $output == *"(truss-solaris)"*"payload without -r and -w"* ]]
}
