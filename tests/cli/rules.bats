#!/usr/bin/env bats
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The rows of the model's rules: lib/model/rules.def.

load ../lib/helper

setup()
{
	cd "$BATS_TEST_TMPDIR" || return 1
	rules=$ROOT/lib/model/rules.def
	sed -n 's/^NC_ROW(\([a-z0-9_]*\), .*/\1/p' "$rules" >ids
}

@test "rules: every deviation names one that there is" {
	cat "$ROOT"/lib/model/*.c "$ROOT"/lib/model/*/*.c "$ROOT"/nc-model/*.c | tr -d '\n' |
	    grep -oE '(dev_(open|open_ref|simple)\([^;]*|rule = nc_str\([^;]*)' |
	    grep -oE '"[a-z]+_[a-z0-9_]+"' | tr -d '"' | sort -u >named
	[ "$(wc -l <named)" -gt 40 ]
	grep -vxFf ids named | { ! grep .; }
}

@test "rules: nc-model -c counts the calls that each decided" {
	nc-parse -q "$ROOT/tests/cli/examples/figure-1/hosts.csv" |
	    nc-order -q >ordered
	nc-model -c ordered | nc-report -f jsonl | grep '"row ' >rows
	diff <(sed 's/.*"row \([a-z0-9_]*\)".*/\1/' rows) ids
	grep '"row socket_ok"' rows | grep '"value": *2[,}]'
	grep '"row accept_ok"' rows | grep '"value": *1[,}]'
	grep '"row release_unread"' rows | grep '"value": *0[,}]'
	nc-model ordered | nc-report -f jsonl | { ! grep '"row '; }
}

@test "rules: each is taken by a recording of a real kernel" {
	/usr/bin/python3 "$ROOT/tests/lib/rows.py" "$NC_BUILD/bin" "$rules" \
	    "$ROOT"/tests/cases/*
}

@test "rules: one without a recording is told" {
	sed '/^NC_ROW(any_unlisted/i NC_ROW(never_taken, KERNEL, "nothing")' \
	    "$rules" >more.def
	# A name that only a case written by hand has is no recording.
	mkdir -p cases/hand
	cp "$ROOT"/tests/cli/examples/figure-1/* cases/hand/
	run -1 /usr/bin/python3 "$ROOT/tests/lib/rows.py" "$NC_BUILD/bin" \
	    more.def cases/hand
	grep '^never_taken: no case of a real kernel (nothing)$' <<<"$output"
	grep '^connect_ok: no case of a real kernel' <<<"$output"
}
