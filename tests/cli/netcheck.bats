#!/usr/bin/env bats
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# netcheck, the front door, with stand-ins for the stages before nc-report:
# what it composes is tested by each stage's own suite and by the cases.

load ../lib/helper

setup()
{
	cd "$BATS_TEST_TMPDIR" || exit
	mkdir bin tmp
	export TMPDIR=$BATS_TEST_TMPDIR/tmp
	cp "$(command -v netcheck)" bin/netcheck
	ln -s "$(command -v nc-report)" bin/nc-report
	# The stand-in for nc-parse passes on a stream made beforehand.
	# shellcheck disable=SC2016 # a script of its own
	stage nc-parse '
		echo "$*" >"$TMPDIR/../parse.args"
		while [ "$1" != -- ]; do shift; done
		[ -e "$2" ] || { echo "nc-parse: $2: no such file" >&2; exit 2; }
		exec cat -- "$2"'
	stage nc-order 'exec cat'
	stage nc-model 'exec cat'
	stage nc-diagnose '
		[ $# -eq 0 ] || { echo "explained: $*"; exit 0; }
		exec cat'
	python3 "$ROOT/tests/lib/make_stream.py" \
		<"$ROOT/tests/golden/figure8.jsonl" >figure8.nc
	python3 "$ROOT/tests/lib/make_stream.py" \
		<"$ROOT/tests/golden/healthy.jsonl" >healthy.nc
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
}

teardown()
{
	# No test may leave anything of netcheck behind.
	[ -z "$(ls "$BATS_TEST_TMPDIR/tmp")" ]
}

# stage NAME BODY makes a stand-in, a shell script.
stage()
{
	printf '#!/bin/sh\n%s\n' "$2" >"bin/$1"
	chmod +x "bin/$1"
}

# big.nc: far more than pipes hold.
big_stream()
{
	python3 - <<-'EOF' | python3 "$ROOT/tests/lib/make_stream.py" >big.nc
	import json
	for i in range(30000):
	    print(json.dumps({"record": "call", "host": "a", "trace": 0,
	                      "line": i, "call": "write", "data": "x" * 99}))
	EOF
}

@test "netcheck: -V and -h" {
	run -0 --separate-stderr netcheck -V
	[[ $output == "netcheck "[0-9]* && -z $stderr ]]
	for args in -h --help "-q -h" "record -h" "explain --help"; do
		# shellcheck disable=SC2086 # a list of arguments
		run -0 --separate-stderr netcheck $args
		[[ $output == "usage: netcheck "*"netcheck record"* ]]
		[[ $output == *"netcheck explain"* && -z $stderr ]]
	done
}

@test "netcheck: wrong usage is told with the usage, and exits 2" {
	for args in "" -q -x "-f" "--save" "record" "record -x" \
		"explain a b" "explain -x"; do
		# shellcheck disable=SC2086 # a list of arguments
		run -2 --separate-stderr netcheck $args
		[ -z "$output" ]
		[[ $stderr == *"usage: netcheck "* ]]
	done
}

@test "netcheck: one command runs the whole pipeline" {
	run -1 --separate-stderr netcheck figure8.nc
	[ -z "$stderr" ]
	echo "$output" | diff -u "$ROOT/tests/golden/figure8.txt" -
	run -0 --separate-stderr netcheck healthy.nc
	[[ $output == "No problem found"* && -z $stderr ]]
}

@test "netcheck: options reach the stages" {
	run -1 netcheck --part stats --color always --strict figure8.nc other
	[[ $output == *$'\033'*"2. Connection"* && $output != *"3. Prob"* ]]
	[ "$(cat parse.args)" = "--strict -- figure8.nc other" ]
	run -1 netcheck -fjson --part=stats -o r.json -- figure8.nc
	[ -z "$output" ]
	python3 -m json.tool r.json >/dev/null
	[ "$(cat parse.args)" = "-- figure8.nc" ]
}

@test "netcheck: -q leaves only the exit status" {
	run -1 netcheck -q figure8.nc
	[ -z "$output" ]
	run -0 netcheck -qf json healthy.nc
	[ -z "$output" ]
}

@test "netcheck: --save keeps the stream for later reports" {
	run -1 netcheck -q --save kept.nc figure8.nc
	cmp figure8.nc kept.nc
	run -2 --separate-stderr netcheck -q --save nowhere/kept.nc figure8.nc
	[[ $stderr == *nowhere/kept.nc* ]]
}

@test "netcheck: file names may hold anything" {
	cp figure8.nc "a b;\$(c).nc"
	cp figure8.nc ./-e
	run -1 netcheck -q "a b;\$(c).nc"
	run -1 netcheck -q -- -e
}

@test "netcheck: a trace that is not there gives one message and status 2" {
	run -2 --separate-stderr netcheck nowhere.trace
	[ -z "$output" ]
	[ "$stderr" = "nc-parse: nowhere.trace: no such file" ]
}

@test "netcheck: nc-report's usage error is told" {
	run -2 --separate-stderr netcheck -f yaml figure8.nc
	[[ $stderr == "nc-report: unknown format yaml"* ]]
}

@test "netcheck: any stage that fails makes the status 2" {
	for name in nc-parse nc-order nc-model nc-diagnose; do
		mv "bin/$name" kept
		stage "$name" "cat figure8.nc; echo $name died >&2; exit 2"
		run -2 --separate-stderr netcheck figure8.nc
		[[ $stderr == *"$name died"* ]]
		mv kept "bin/$name"
	done
	stage nc-model 'kill -9 $$'
	run -2 --separate-stderr netcheck figure8.nc
}

@test "netcheck: nc-diagnose's status 1 is a finding, not a failure" {
	stage nc-diagnose 'cat; exit 1'
	run -1 netcheck -q figure8.nc
	run -0 netcheck -q healthy.nc
}

@test "netcheck: warnings of stages that did their work are shown" {
	stage nc-order 'echo nc-order: a warning >&2; exec cat'
	run -0 --separate-stderr netcheck -q healthy.nc
	[ "$stderr" = "nc-order: a warning" ]
}

@test "netcheck: a missing stage is named" {
	rm bin/nc-model
	PATH=$BATS_TEST_TMPDIR/bin:/usr/bin:/bin
	run -2 --separate-stderr netcheck figure8.nc
	[[ $stderr == "netcheck: nc-model is neither in "* ]]
}

@test "netcheck: the stages beside it are found through a link" {
	mkdir elsewhere
	ln -s ../bin/netcheck elsewhere/nck
	PATH=/usr/bin:/bin
	run -1 elsewhere/nck -q figure8.nc
	cd bin
	run -1 ./netcheck -q ../figure8.nc
	run -1 sh netcheck -q ../figure8.nc
}

@test "netcheck: standard input can be a trace" {
	stage nc-parse 'exec cat'
	run -1 netcheck -q - <figure8.nc
}

@test "netcheck: ends quietly when its reader goes away" {
	big_stream
	run bash -c 'netcheck -f jsonl big.nc | head -n 1; exit ${PIPESTATUS[0]}'
	[ "$status" -eq 141 ]
	[ "${#lines[@]}" -eq 1 ]
}

@test "netcheck: a full disk is trouble" {
	run -2 --separate-stderr netcheck -o /dev/full figure8.nc
	[[ $stderr == "nc-report: /dev/full: "* ]]
	run -2 bash -c "netcheck -V >/dev/full"
	run -2 bash -c "netcheck -h >/dev/full"
}

@test "netcheck: a signal leaves no stage and no file behind" {
	for name in nc-parse nc-model nc-diagnose; do
		mv "bin/$name" kept
		stage "$name" 'echo $$ >stage.pid; exec sleep 60'
		for signal in HUP INT TERM; do
			rm -f stage.pid
			# In a session of its own, signals as by default.
			run -0 --separate-stderr python3 - $signal <<-'EOF'
			import os, signal, subprocess, sys, time
			number = getattr(signal, "SIG" + sys.argv[1])
			def default():  # where nohup ignores it, sh cannot trap it
			    signal.signal(number, signal.SIG_DFL)
			p = subprocess.Popen(["netcheck", "figure8.nc"],
			    stdout=subprocess.PIPE, stderr=subprocess.PIPE,
			    start_new_session=True, preexec_fn=default)
			while not (os.path.exists("stage.pid")
			           and os.path.getsize("stage.pid")):
			    time.sleep(0.01)
			if number == signal.SIGINT:
			    os.killpg(p.pid, number)  # as ^C does
			else:
			    p.send_signal(number)
			out, err = p.communicate(timeout=20)
			assert p.returncode == -number, p.returncode
			assert out == b"" and err == b"", (out, err)
			EOF
			run ! kill -0 "$(cat stage.pid)"
			[ -z "$(ls tmp)" ]
		done
		mv kept "bin/$name"
	done
}

@test "netcheck explain: asks nc-diagnose" {
	run -0 netcheck explain mtu
	[ "$output" = "explained: --explain mtu" ]
	run -0 netcheck explain
	[ "$output" = "explained: --list" ]
}

@test "netcheck record: runs strace with the right flags, passes the status" {
	# shellcheck disable=SC2016 # a script of its own
	stage strace '
		echo "$@" >args
		while [ "$1" != -- ]; do shift; done
		shift
		"$@"'
	run -7 --separate-stderr netcheck record -o out.trace -- \
		sh -c 'echo hello; exit 7'
	[ "$output" = hello ]
	[[ $(cat args) == "-f -ttt -T -yy -s 65536 -o out.trace -- sh -c "* ]]
	[[ $stderr == *"host,trace,address,nat"*",out.trace,"* ]]
}

@test "netcheck record: the row lists this host's addresses" {
	stage strace :
	stage uname 'echo "box,1"'
	stage ip 'cat <<-EOF
	1: lo    inet 127.0.0.1/8 scope host lo
	2: eth0    inet 10.0.0.1/24 brd 10.0.0.255 scope global eth0
	2: eth0    inet6 fd00::1/64 scope global
	2: eth0    inet6 fe80::1/64 scope link
	EOF'
	run -0 --separate-stderr netcheck record true
	[[ $stderr == *$'\n"box,1","box,1.trace",10.0.0.1 fd00::1,' ]]
}

@test "netcheck record: without strace it says so" {
	mkdir none
	for name in sh uname readlink; do
		ln -s "$(command -v $name)" "none/$name"
	done
	run -2 --separate-stderr env PATH="$PWD/none" bin/netcheck record true
	[ "$stderr" = "netcheck: record needs strace, which is not installed" ]
}

@test "netcheck record: a real trace" {
	run -3 --separate-stderr netcheck record -o real.trace -- sh -c 'exit 3'
	grep -q 'execve(' real.trace
	grep -q '+++ exited with 3 +++' real.trace
}
