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
	[ "$output" = "120 of 120" ]
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
	[ "$output" = "84 of 84" ]
}
