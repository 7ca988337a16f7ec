#!/usr/bin/env bats
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# make check-conformance: other people's suites against the model.  Here with
# a small exchange in the place of a suite.

load ../lib/helper

setup()
{
	cd "$BATS_TEST_TMPDIR" || return 1
	cat >exchange.py <<-'END'
		import socket
		l = socket.create_server(("127.0.0.1", 0))
		c = socket.create_connection(l.getsockname())
		s = l.accept()[0]
		c.sendall(b"question")
		assert s.recv(100) == b"question"
		s.sendall(b"answer")
		assert c.recv(100) == b"answer"
		c.close()
		assert s.recv(1) == b""
	END
	mkdir tables
	cat >tables/suites.csv <<-END
		# a comment
		suite,seconds,calls,prepare,command
		pair,60,10,,python3 "$PWD/exchange.py"
		never,60,10,,true
	END
	echo 'suites,code,call,reason' >tables/odd.csv
	run=("$ROOT/tests/conformance/run" -b "$(dirname "$(command -v nc-parse)")"
	    -s tables -w kept)
}

# The pipeline with a trace whose second "answer" is another.
altered()
{
	local bin
	bin=$(dirname "$(command -v nc-parse)")
	mkdir -p altered
	cp "$bin"/nc-order "$bin"/nc-model "$bin"/nc-report altered/
	cat >altered/nc-parse <<-END
		#!/bin/sh
		sed 's/\(recvfrom.*\)"answer"/\1"answwr"/' "\$2" >altered.trace
		exec "$bin/nc-parse" -q altered.trace
	END
	chmod +x altered/nc-parse
	run[2]=altered
}

@test "conformance: a suite that agrees passes" {
	run -0 "${run[@]}" pair
	[[ ${lines[1]} == "ok 1 conformance: pair ("*" calls)" ]]
	[ -s kept/pair.trace ]
}

@test "conformance: a deviation of the kernel from the model fails" {
	altered
	run -1 "${run[@]}" pair
	[[ ${lines[1]} == "not ok 1 conformance: pair ("* ]]
	grep '^# MSG_DONT_MATCH (recv_ok, line [0-9]*): recvfrom' <<<"$output"
}

@test "conformance: one that is known by its reason does not" {
	altered
	echo 'pa.*,MSG_DONT_MATCH,^recvfrom.*answwr,altered' >>tables/odd.csv
	run -0 "${run[@]}" pair
	[[ ${lines[1]} == "ok 1 "*", 1 known to disagree)" ]]
}

@test "conformance: a suite that did not run fails" {
	run -1 "${run[@]}" never
	grep '^# [0-9] calls, expected 10: the suite did not run' <<<"$output"
}

@test "conformance: lists its suites, refuses unknown ones" {
	run -0 "$ROOT/tests/conformance/run" -l
	[ "${#lines[@]}" -ge 15 ]
	run -1 "${run[@]}" nothing
	[ "$output" = "run: no such suite: nothing" ]
}
