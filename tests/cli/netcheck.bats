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
	cp "$(command -v netcheck)" "$(command -v netcheck-record)" bin
	ln -s "$(command -v nc-report)" bin/nc-report
	# The stand-in for nc-parse passes on a stream made beforehand, which
	# its trace names.
	# shellcheck disable=SC2016 # a script of its own
	stage nc-parse '
		echo "$*" >"$TMPDIR/../parse.args"
		while [ "$1" != -- ]; do shift; done
		[ -e "$2" ] || { echo "nc-parse: $2: no such file" >&2; exit 2; }
		exec cat -- "$(cat -- "$2")"'
	stage nc-order 'exec cat'
	stage nc-model 'exec cat'
	stage nc-diagnose '
		[ $# -eq 0 ] || { echo "explained: $*"; exit 0; }
		exec cat'
	python3 "$ROOT/tests/lib/make_stream.py" \
		<"$ROOT/tests/golden/figure8.jsonl" >figure8.nc
	python3 "$ROOT/tests/lib/make_stream.py" \
		<"$ROOT/tests/golden/healthy.jsonl" >healthy.nc
	for name in figure8 healthy big; do
		echo "$PWD/$name.nc" >$name.trace
	done
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

@test "netcheck: calls that nothing will show do not pass nc-model" {
	# shellcheck disable=SC2016 # a script of its own
	stage nc-model 'echo "$*" >"$TMPDIR/../model.args"; exec cat'
	for how in "-f json" "-f csv" "-q" "--part stats,ledger" \
	    "-f text --part=answer"; do
		# shellcheck disable=SC2086 # options
		run -0 netcheck $how healthy.trace
		[ "$(cat model.args)" = -r ] || { echo "not with $how"; false; }
	done
	for how in "" "-f html" "-f jsonl" "--part stats,trace" \
	    "-f json --save saved.nc"; do
		# shellcheck disable=SC2086 # options
		run -0 netcheck $how healthy.trace
		[ -z "$(cat model.args)" ] || { echo "with $how"; false; }
	done
}

@test "netcheck: -V and -h" {
	run -0 --separate-stderr netcheck -V
	[[ $output == "netcheck "[0-9]* && -z $stderr ]]
	for args in -h --help "-q -h" "check-trace -h" "explain --help"; do
		# shellcheck disable=SC2086 # a list of arguments
		run -0 --separate-stderr netcheck $args
		[[ $output == "usage: netcheck "*"netcheck record"* ]]
		[[ $output == *"netcheck explain"* && -z $stderr ]]
	done
	run -0 --separate-stderr netcheck record -h
	[[ $output == "usage: netcheck record "* && -z $stderr ]]
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
	run -1 --separate-stderr netcheck figure8.trace
	[ -z "$stderr" ]
	echo "$output" | diff -u "$ROOT/tests/golden/figure8.txt" -
	run -0 --separate-stderr netcheck healthy.trace
	[[ $output == "No problem found"* && -z $stderr ]]
}

@test "netcheck: options reach the stages" {
	run -1 netcheck --part stats --color always --strict figure8.trace other
	[[ $output == *$'\033'*"2. Connection"* && $output != *"3. Prob"* ]]
	[ "$(cat parse.args)" = "--strict -- figure8.trace other" ]
	run -1 netcheck -fjson --part=stats -o r.json -- figure8.trace
	[ -z "$output" ]
	python3 -m json.tool r.json >/dev/null
	[ "$(cat parse.args)" = "-- figure8.trace" ]
}

@test "netcheck: -q leaves only the answer" {
	run -1 --separate-stderr netcheck -q figure8.trace
	[ "$output" = "$(sed '/^$/,$d' "$ROOT/tests/golden/figure8.txt")" ]
	run -0 --separate-stderr netcheck -q healthy.trace
	[[ $output == "No problem found"* && $output != *"1. "* ]]
	[ "$(cat parse.args)" = "-q -- healthy.trace" ]
	# A format or parts that are asked for are given.
	run -0 netcheck -qf json healthy.trace
	[[ $output == "{"* ]]
	run -0 netcheck -q --part stats healthy.trace
	[[ $output == *"2. Connection"* ]]
}

@test "netcheck: -k keeps the ordered trace, which saves two stages later" {
	stage nc-order "echo order >>ran; cat >/dev/null
		exec python3 '$ROOT/tests/lib/make_stream.py' -m nc-order \
			<'$ROOT/tests/golden/figure8.jsonl'"
	run -1 netcheck -q -k ordered.nc figure8.trace
	[ "$(nc-report --stage ordered.nc)" = nc-order ]
	echo "$output" >answer
	rm ran parse.args
	# shellcheck disable=SC2016
	stage nc-model 'exec cat -- "$3"' # after -r and --
	run -1 netcheck -q ordered.nc
	echo "$output" | diff answer -
	[ ! -e ran ] && [ ! -e parse.args ]
	run -2 netcheck -k again.nc ordered.nc
	[[ $output == "netcheck: -k: ordered.nc is ordered already" ]]
	[ ! -e again.nc ]
}

@test "netcheck: what -k and --save store is whole or not there" {
	for option in -k --save; do
		rm -f new.nc
		echo old >old.nc
		run -2 netcheck -q $option old.nc nowhere.trace
		[ "$(cat old.nc)" = old ]
		run -2 netcheck -q $option new.nc nowhere.trace
		[ ! -e new.nc ]
		run -1 netcheck -q $option old.nc figure8.trace
		cmp old.nc figure8.nc
		umask 027
		run -1 netcheck -q $option new.nc figure8.trace
		[ "$(stat -c %a new.nc)" = 640 ]
		run -2 netcheck -q $option nowhere/x.nc figure8.trace
		[ "$output" = "netcheck: nowhere/x.nc cannot be written" ]
		run -2 --separate-stderr netcheck -q $option /dev/full \
			figure8.trace
		[[ $stderr == "netcheck: /dev/full: No space left on device" ]]
		[ "$(echo ./*.nc.*)" = './*.nc.*' ]
	done
	# A stage after the one that is stored may fail; one before it may not.
	stage nc-diagnose 'cat; exit 2'
	run -2 netcheck -q -k new.nc --save old.nc figure8.trace
	cmp new.nc old.nc
	echo old >old.nc
	run -2 netcheck -q --save old.nc figure8.trace
	[ "$(cat old.nc)" = old ]
}

@test "netcheck: options may follow the operands, up to --" {
	run -1 netcheck figure8.trace -q --part=answer -- -z
	[ "$(cat parse.args)" = "-q -- figure8.trace -z" ]
	run -1 netcheck figure8.trace -f json b c -o r.json d
	[ "$(cat parse.args)" = "-- figure8.trace b c d" ]
	[ -s r.json ]
	run -1 netcheck -qfcsv figure8.trace
	[[ $output == id,* ]]
	run -2 netcheck figure8.trace -f
	[[ $output == "netcheck: -f needs an argument"* ]]
}

@test "netcheck: -f list names the formats" {
	run -0 netcheck -f list
	[ "$output" = "$(nc-report -f list)" ]
}

@test "netcheck: a stored stream goes on where it stopped" {
	for maker in nc-parse nc-order nc-model nc-diagnose; do
		python3 "$ROOT/tests/lib/make_stream.py" -m $maker \
			<"$ROOT/tests/golden/figure8.jsonl" >$maker.nc
	done
	# figure8.nc does not tell its maker: it may not be ordered.
	for name in order model diagnose; do
		stage nc-$name "echo $name >>ran
			for last; do :; done
			case \${last--} in -*) exec cat ;; esac
			exec cat -- \"\$last\""
	done
	run -1 netcheck -q figure8.nc
	[ "$(sort ran | tr '\n' ' ')" = "diagnose model order " ]; rm ran
	run -1 netcheck -q nc-parse.nc
	[ "$(sort ran | tr '\n' ' ')" = "diagnose model order " ]; rm ran
	run -1 netcheck -q nc-order.nc
	[ "$(sort ran | tr '\n' ' ')" = "diagnose model " ]; rm ran
	run -1 netcheck -q nc-model.nc
	[ "$(sort ran | tr '\n' ' ')" = "diagnose " ]; rm ran
	run -1 netcheck -q nc-diagnose.nc
	[ ! -e ran ] && [ ! -e parse.args ]
	run -2 netcheck -q --fail-on never nc-diagnose.nc
	[[ $output == "netcheck: nc-diagnose.nc has its findings already"* ]]
}

@test "netcheck: options of nc-diagnose reach it" {
	# shellcheck disable=SC2016 # a script of its own
	stage nc-diagnose 'printf "%s\n" "$@" >"$TMPDIR/../args"; exec cat'
	run -1 netcheck -q -s mtu --fail-on=error --threshold retry-ms=5 \
		--ignore "it's.csv" figure8.trace
	diff args - <<-'EOF'
	-s
	mtu
	--fail-on
	error
	--threshold
	retry-ms=5
	--ignore
	it's.csv
	EOF
	# What lies beside the operand is used unasked.
	mkdir case
	cp figure8.trace case/a.trace
	echo id >case/netcheck.ignore
	(cd case && netcheck -q a.trace || [ $? -eq 1 ])
	[ "$(cat args)" = "--ignore"$'\n'"./netcheck.ignore" ]
	run -1 netcheck -q case/a.trace
	[ "$(tail -n 1 args)" = case/netcheck.ignore ]
}

@test "netcheck: --save keeps the stream for later reports" {
	run -1 netcheck -q --save kept.nc figure8.trace
	cmp figure8.nc kept.nc
	run -2 --separate-stderr netcheck -q --save nowhere/kept.nc figure8.trace
	[[ $stderr == *nowhere/kept.nc* ]]
}

@test "netcheck: file names may hold anything" {
	cp figure8.trace "a b;\$(c).trace"
	cp figure8.trace ./-e
	run -1 netcheck -q "a b;\$(c).trace"
	run -1 netcheck -q -- -e
}

@test "netcheck: a trace that is not there gives one message and status 2" {
	run -2 --separate-stderr netcheck nowhere.trace
	[ -z "$output" ]
	[ "$stderr" = "nc-parse: nowhere.trace: no such file" ]
}

@test "netcheck: nc-report's usage error is told" {
	run -2 --separate-stderr netcheck -f yaml figure8.trace
	[[ $stderr == "nc-report: unknown format yaml"* ]]
}

@test "netcheck: any stage that fails makes the status 2" {
	for name in nc-parse nc-order nc-model nc-diagnose; do
		mv "bin/$name" kept
		stage "$name" "cat figure8.nc; echo $name died >&2; exit 2"
		run -2 --separate-stderr netcheck figure8.trace
		[[ $stderr == *"$name died"* ]]
		mv kept "bin/$name"
	done
	stage nc-model 'kill -9 $$'
	run -2 --separate-stderr netcheck figure8.trace
}

@test "netcheck: nc-diagnose's status 1 is a finding, not a failure" {
	stage nc-diagnose 'cat; exit 1'
	run -1 netcheck -q figure8.trace
	run -0 netcheck -q healthy.trace
}

@test "netcheck: warnings of stages that did their work are shown" {
	stage nc-order 'echo nc-order: a warning >&2; exec cat'
	run -0 --separate-stderr netcheck -q healthy.trace
	[ "$stderr" = "nc-order: a warning" ]
}

@test "netcheck: a missing stage is named" {
	rm bin/nc-model
	PATH=$BATS_TEST_TMPDIR/bin:/usr/bin:/bin
	run -2 --separate-stderr netcheck figure8.trace
	[[ $stderr == "netcheck: nc-model is neither in "* ]]
}

@test "netcheck: the stages beside it are found through a link" {
	mkdir elsewhere
	ln -s ../bin/netcheck elsewhere/nck
	PATH=/usr/bin:/bin
	run -1 elsewhere/nck -q figure8.trace
	cd bin
	run -1 ./netcheck -q ../figure8.trace
	run -1 sh netcheck -q ../figure8.trace
}

@test "netcheck: standard input can be a trace" {
	stage nc-parse 'exec cat'
	run -1 netcheck -q - <figure8.nc
}

@test "netcheck: ends quietly when its reader goes away" {
	big_stream
	run bash -c 'netcheck -f jsonl big.trace | head -n 1; exit ${PIPESTATUS[0]}'
	[ "$status" -eq 141 ]
	[ "${#lines[@]}" -eq 1 ]
}

@test "netcheck: a full disk is trouble" {
	run -2 --separate-stderr netcheck -o /dev/full figure8.trace
	[[ $stderr == "nc-report: /dev/full: No space left on device" ]]
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
			p = subprocess.Popen(["netcheck", "figure8.trace"],
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

# What strace would have done; its arguments go into the file args.
fake_strace()
{
	# shellcheck disable=SC2016 # a script of its own
	stage strace '
		case $* in
		-V) echo "strace -- version 6.1"; exit ;;
		*"trace=none"*) [ -e seccomp ]; exit ;;
		esac
		echo "$@" >args
		while [ $# -gt 0 ] && [ "$1" != -o ]; do shift; done
		echo "$2" >where
		echo traced >"$2"
		while [ $# -gt 0 ] && [ "$1" != -- ]; do shift; done
		[ $# -eq 0 ] || { shift; "$@"; }'
	# shellcheck disable=SC2016 # a script of its own
	stage nc-parse '[ "$1" = --calls ] && printf "%s\n" socket send'
	stage ip 'cat <<-EOF
	1: lo    inet 127.0.0.1/8 scope host lo
	2: eth0    inet 10.0.0.1/24 brd 10.0.0.255 scope global eth0
	2: eth0    inet6 fd00::1/64 scope global
	2: eth0    inet6 fe80::1/64 scope link
	EOF'
}

@test "netcheck record: runs strace with the right flags, passes the status" {
	fake_strace
	run -7 --separate-stderr netcheck record -o out.trace -- \
		sh -c 'echo hello; exit 7'
	[ "$output" = hello ]
	flags="-f -ttt -T -yy -s 65536 -e trace=?socket,?send"
	[[ $(cat args) == "$flags -o out.trace -- sh -c "* ]]
	: >seccomp
	run -0 netcheck record -o out.trace true
	[ "$(cat args)" = "$flags --seccomp-bpf -o out.trace -- true" ]
	# Running processes stop at every call: strace can do no better.
	run -0 netcheck record -o out.trace -p 12 -p13
	[ "$(cat args)" = "$flags -o out.trace -p 12 -p 13" ]
	sleep 60 &
	stage pgrep "echo $!"
	run -0 netcheck record -o out.trace -P "a b"
	[ "$(cat args)" = "$flags -o out.trace -p $!" ]
	kill $!
}

@test "netcheck record: the trace's row goes into hosts.csv beside it" {
	fake_strace
	# shellcheck disable=SC2016 # a script of its own
	stage uname 'case $1 in -n) echo "box,1" ;; *) echo Linux 6 x86 ;; esac'
	run -0 netcheck record true
	diff hosts.csv - <<-'EOF'
	host,trace,address,nat
	# box,1.trace: Linux 6 x86, strace 6.1
	"box,1","box,1.trace",10.0.0.1 fd00::1,
	EOF
	# Once more, and another: rows are renewed and added.
	run -0 netcheck record true
	mkdir sub
	mv hosts.csv sub
	run -0 netcheck record -o sub/client.trace --host client true
	run -0 netcheck record -o sub/client.trace --host client true
	[ "$(grep -vc '^#' sub/hosts.csv)" -eq 3 ]
	[ "$(tail -n 1 sub/hosts.csv)" = \
		"client,client.trace,10.0.0.1 fd00::1," ]
	# A file of the user's own making stays as it is.
	echo "trace,host" >hosts.csv
	run -0 --separate-stderr netcheck record true
	[ "$(cat hosts.csv)" = "trace,host" ]
	[[ $stderr == *$'\n"box,1","box,1.trace",10.0.0.1 fd00::1,' ]]
}

@test "netcheck record: wrong usage" {
	for args in "-p x true" "-p 1 true" "--on a" "--on" "--host h --on a true"; do
		# shellcheck disable=SC2086 # a list of arguments
		run -2 --separate-stderr netcheck record $args
		[ -z "$output" ]
		[[ $stderr == "netcheck: record: "*"usage: netcheck record "* ]]
	done
	fake_strace
	run -2 netcheck record -o nowhere/a.trace true
	[ "$output" = "netcheck: nowhere: no such folder" ]
}

@test "netcheck record --on: leaves a folder with all hosts" {
	fake_strace
	# Each host is a folder here.
	# shellcheck disable=SC2016 # a script of its own
	stage ssh '
		[ "$1" = -- ] && shift
		[ "$1" != down ] || { echo "ssh: no route" >&2; exit 255; }
		mkdir "$1" && cd "$1" && shift && exec sh -c "$*"'
	run -0 --separate-stderr netcheck record --on web1,me@web2 -o out -- \
		sh -c "echo \"it's \$1\" >ran" x "a  b"
	[ "$(cat web1/ran)" = "it's a  b" ]
	[ "$(cat me@web2/ran)" = "it's a  b" ]
	[[ $(cat web1/args) == "-I 2 -f -ttt -T -yy -s 65536 -e trace="* ]]
	grep -v '^#' out/hosts.csv | diff - <(printf '%s\n' \
		host,trace,address,nat \
		"web1,web1.trace.gz,10.0.0.1 fd00::1," \
		"web2,web2.trace.gz,10.0.0.1 fd00::1,")
	[ "$(gzip -dc out/web2.trace.gz)" = traced ]
	[ "$(printf '%s ' out/* out/.[!.]*)" = \
		"out/hosts.csv out/web1.trace.gz out/web2.trace.gz out/.[!.]* " ]
	[ ! -e "$(cat web1/where)" ]
	# A host that is down does not lose the others.
	rm -r web1
	run -2 --separate-stderr netcheck record --on down,web1 -o two true
	[[ $stderr == *"netcheck: record: no trace of down"* ]]
	[ "$(gzip -dc two/web1.trace.gz)" = traced ]
}

@test "netcheck record --on: an interrupt ends the recording, and keeps it" {
	fake_strace
	# shellcheck disable=SC2016 # a script of its own
	stage ssh '[ "$1" = -- ] && shift 2; exec sh -c "$*"'
	# shellcheck disable=SC2016 # a script of its own
	stage strace '
		case $* in *trace=none*|-V) exit ;; esac
		while [ $# -gt 0 ] && [ "$1" != -o ]; do shift; done
		echo traced >"$2"
		trap "echo end >>\"$2\"; exit" TERM
		echo >started
		while :; do sleep 0.1; done'
	run -0 python3 - <<-'EOF'
	import os, signal, subprocess, time
	p = subprocess.Popen(["netcheck", "record", "--on", "a", "-o", "out",
	                      "-p", "1"], start_new_session=True,
	    preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
	while not os.path.exists("started"):
	    time.sleep(0.01)
	p.send_signal(signal.SIGINT)
	assert p.wait(timeout=20) == 0
	EOF
	[ "$(gzip -dc out/a.trace.gz)" = $'traced\nend' ]
}

@test "netcheck record: a command that is not there leaves an older trace" {
	stage strace 'exit 9'
	echo old >a.trace
	run -127 netcheck record -o a.trace -- no-such-command
	[ "$output" = "netcheck: record: no-such-command: command not found" ]
	[ "$(cat a.trace)" = old ] && [ ! -e hosts.csv ]
}

@test "netcheck record: by its own name it is the same" {
	run -0 netcheck-record -h
	[[ ${lines[0]} == "usage: netcheck record [-o FILE] "* ]]
	run -2 --separate-stderr netcheck-record -p x
	[[ $stderr == *"-p: x is no process id"*"usage: netcheck record "* ]]
}

@test "netcheck record: without strace it says so" {
	mkdir none
	for name in sh uname readlink sed cat; do
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

@test "netcheck check-trace: says what a trace lacks, and how to do better" {
	rm bin/nc-parse
	strace="$ROOT/tests/data/dialects/strace"
	run -0 netcheck check-trace "$strace/f.txt"
	[[ $output == *"no times"*"Good enough; a better one would"* ]]
	[[ $output == *"strace -f -ttt -T -yy -s 65536 -o FILE COMMAND"* ]]
	run -1 netcheck check-trace "$strace/f_z.txt" "$strace/f.txt"
	[[ $output == *"calls that failed are left out"*"Not good enough"* ]]
	[[ $output == *"f_z: "*"f: "* ]]
	run -2 --separate-stderr netcheck check-trace nowhere.trace
	[ -z "$output" ]
	[ "$stderr" = "nc-parse: nowhere.trace: No such file or directory" ]
	run -0 netcheck record -o good.trace -- python3 -c '
import socket
a = socket.create_server(("127.0.0.1", 0))
socket.create_connection(a.getsockname()).send(b"x")'
	run -0 netcheck check-trace good.trace
	[[ $output == *"Good: nothing to wish for."* ]]
	run -0 netcheck record -o none.trace -- true
	run -1 netcheck check-trace none.trace
	[[ $output == *"is it the right"* ]]
	run -2 netcheck check-trace nowhere
	run -2 netcheck check-trace
}

@test "netcheck demo: shows a recorded fault" {
	rm bin/nc-*
	run -2 netcheck demo
	[[ $output == "netcheck: the demonstration's traces are not in "* ]]
	ln -s "$NC_BUILD/share" share
	run -1 netcheck demo
	[[ $output == "netcheck "*"hosts.csv"*"Problem found: "*"3. Problems"* ]]
	run -2 netcheck demo x
}
