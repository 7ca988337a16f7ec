#!/usr/bin/env bats
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# What the README shows works as it stands there.

load ../lib/helper

setup()
{
	cd "$BATS_TEST_TMPDIR" || return 1
	demo=$(sed -n 's/^DEMO = //p' "$ROOT/Makefile")
}

# The indented block after the line that begins with the given words.
block()
{
	awk -v from="$1" '
	index($0, from) == 1 { on = 1; next }
	on && /^    / { print substr($0, 5); seen = 1; next }
	on && /^$/ { if (seen) print; next }
	on && seen { exit }' "$ROOT/README.md"
}

@test "readme: the Python formatter prints the findings" {
	block "### A formatter of your own" >my-report.py
	[ "$(grep -c . my-report.py)" -le 12 ]
	nc-parse "$ROOT/tests/cases/$demo/hosts.csv" | nc-order | nc-model |
	    nc-diagnose >findings.nc || :
	run -0 --separate-stderr python3 my-report.py <findings.nc
	first=$(sed -n 's/^first //p' "$ROOT/tests/cases/$demo/expect")
	[[ ${lines[0]} == *"$first"* ]]
	[ -z "$stderr" ]
}

@test "readme: the report it shows is the one that make demo gives" {
	block "### A report" >shown
	[ -s shown ]
	cd "$ROOT" || return 1
	run -1 --separate-stderr netcheck --part problems \
	    "tests/cases/$demo/hosts.csv"
	printf '%s\n' "$output" | sed 's/[[:space:]]*$//' >"$BATS_TEST_TMPDIR/real"
	sed 's/[[:space:]]*$//' "$BATS_TEST_TMPDIR/shown" |
	    sed -e :a -e '/^\n*$/{$d;N;ba' -e '}' >"$BATS_TEST_TMPDIR/want"
	diff -u "$BATS_TEST_TMPDIR/want" "$BATS_TEST_TMPDIR/real"
}

@test "readme: the examples with jq give what the trace holds" {
	block "## strace to JSON" >examples
	[ "$(grep -c '^jq' examples)" -eq 5 ]
	cp "$ROOT/tests/cases/nginx-curl-keep-alive/client.trace" A.trace
	run -0 --separate-stderr bash -eo pipefail examples
	[ -z "$stderr" ]
	# Failures, a connect, a connection, a peer; they agree with each other.
	[[ $output == *" connect EINPROGRESS"* ]]
	[[ $output == *$'\t10.0.1.2:80'* ]]
	sent=$(grep -oE '^[0-9]+'$'\t''10\.0\.1\.2:80' <<<"$output")
	pairs=$(grep -E '^[0-9]+'$'\t''[0-9]+'$'\t''[0-9]+'$'\t''10' \
	    <<<"$output")
	[ "${sent%%$'\t'*}" -eq "$(awk '{ n += $1 } END { print n }' <<<"$pairs")" ]
	[[ $output == *'"record": "end"'* ]]
}

@test "readme: the gallery's lines and answers are real" {
	run -0 python3 "$ROOT/tests/lib/gallery.py" "${NC_BUILD:-$ROOT/build}/bin"
	[[ ${lines[0]} =~ ^([0-9]+)" faults, "([0-9]+)" lines"$ ]]
	((BASH_REMATCH[1] >= 4 && BASH_REMATCH[2] >= 12))
	# Its pictures are there, and no larger than they need be.
	while read -r picture; do
		[ "$(head -c 4 "$ROOT/$picture" | tail -c 3)" = PNG ]
		[ "$(wc -c <"$ROOT/$picture")" -lt 200000 ]
	done < <(grep -oE 'man/pictures/[a-z-]+\.png' "$ROOT/README.md")
}
