#!/usr/bin/env bats
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The build's own promises.

load ../lib/helper

setup()
{
	cd "$ROOT" || return 1
	unset MAKEFLAGS MAKELEVEL MFLAGS
}

@test "build: install and uninstall leave no file behind" {
	local build=${NC_BUILD:-$ROOT/build} d=$BATS_TEST_TMPDIR/root
	make -s BUILD="$build" DESTDIR="$d" PREFIX=/usr install
	[ -x "$d/usr/bin/netcheck" ]
	[ -x "$d/usr/bin/nc-parse" ]
	[ -s "$d/usr/share/man/man1/netcheck.1" ]
	[ -s "$d/usr/share/man/man5/nc-records.5" ]
	make -s BUILD="$build" DESTDIR="$d" PREFIX=/usr uninstall
	[ -z "$(find "$d" -type f)" ]
}

@test "build: an installed netcheck finds its stages" {
	local build=${NC_BUILD:-$ROOT/build} d=$BATS_TEST_TMPDIR/root
	make -s BUILD="$build" PREFIX="$d" install
	cd "$BATS_TEST_TMPDIR" || return 1
	demo=$(sed -n 's/^DEMO = //p' "$ROOT/Makefile")
	run -1 env PATH=/usr/bin:/bin "$d/bin/netcheck" \
	    "$ROOT/tests/cases/$demo/hosts.csv"
}

@test "build: deps does nothing where all is there" {
	run -0 --separate-stderr .ci/deps dpkg
	[ -z "$output$stderr" ]
}

@test "build: deps names what is missing where it may not install" {
	mkdir "$BATS_TEST_TMPDIR/bin"
	printf '#!/bin/sh\necho 1000\n' >"$BATS_TEST_TMPDIR/bin/id"
	printf '#!/bin/sh\nexit 1\n' >"$BATS_TEST_TMPDIR/bin/sudo"
	chmod +x "$BATS_TEST_TMPDIR/bin/id" "$BATS_TEST_TMPDIR/bin/sudo"
	run -2 --separate-stderr env PATH="$BATS_TEST_TMPDIR/bin:$PATH" \
	    .ci/deps dpkg no-such-package
	[[ $stderr == *"no-such-package"* ]]
}

@test "build: the tally counts, and fails on a failure or an empty file" {
	cd "$BATS_TEST_TMPDIR" || return 1
	printf 'ok 1 - a\nok 2 - b # skip why\n1..2\n' >good
	printf 'ok 1 - a\nnot ok 2 - b\n1..2\n' >bad
	printf '1..3\nok 1 - a\n' >short
	: >empty
	run -0 "$ROOT/tests/lib/tally" good
	[ "${lines[-1]}" = "1 passed, 0 failed, 1 skipped" ]
	run -1 "$ROOT/tests/lib/tally" good bad
	[ "${lines[-1]}" = "2 passed, 1 failed, 1 skipped" ]
	run -1 "$ROOT/tests/lib/tally" empty
	[ "${lines[-1]}" = "0 passed, 1 failed" ]
	run -1 "$ROOT/tests/lib/tally" short
	[ "${lines[-1]}" = "1 passed, 2 failed" ]
}

@test "build: retime changes times and nothing else" {
	cd "$BATS_TEST_TMPDIR" || return 1
	printf '%s\n' '7  1700000000.5 read(3, "1700000000.5 <0.1>", 9) = 1 <0.000010>' \
	    '7  1700000001.000001 <... close resumed>) = 0 <1.0>' >a
	"$ROOT/tests/lib/retime.py" strip <a >b
	printf '%s\n' '7  read(3, "1700000000.5 <0.1>", 9) = 1' \
	    '7  <... close resumed>) = 0' | diff - b
	"$ROOT/tests/lib/retime.py" shift 3600 <a >c
	[ "$(cut -d' ' -f3 c | head -n 1)" = 1700003600.5 ]
	"$ROOT/tests/lib/retime.py" shift -3600 <c | diff a -
}
