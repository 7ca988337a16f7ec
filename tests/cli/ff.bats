#!/usr/bin/env bats
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Traces of one host in several files: what strace -ff writes, and timed
# files of several tracers.

load ../lib/helper

setup()
{
	cd "$BATS_TEST_TMPDIR" || exit
}

# told OPERAND...: calls and begins as "kind file:line call key=value ..."
told()
{
	nc-parse -q "$@" | nc-report -f jsonl | python3 -c '
import json, sys
files = {}
for line in sys.stdin:
    r = json.loads(line)
    kind = r.get("record")
    if kind == "host":
        files[r["host"], r["trace"]] = r["file"]
    if kind not in ("call", "begin"):
        continue
    out = [kind, "%s:%s" % (files[r["host"], r["trace"]],
                            r.get("line", r["entry"])), r["call"]]
    for key in ("thread", "process", "socket", "made", "result", "cause"):
        if r.get(key) is not None:
            out.append("%s=%s" % (key, r[key]))
    print(" ".join(out))'
}

# lanes OPERAND...: "file lane thread parent" of each trace
lanes()
{
	nc-parse -q "$@" | nc-report -f jsonl | python3 -c '
import json, sys
for line in sys.stdin:
    r = json.loads(line)
    if r.get("record") == "host":
        print(r["host"], r["file"], *(r.get(k) for k in (
            "lane", "thread", "parent")))'
}

tcp='socket(AF_INET, SOCK_STREAM, IPPROTO_TCP)'
thread='CLONE_VM|CLONE_FILES|CLONE_THREAD'

@test "ff: files NAME.PID are one host, named NAME" {
	mkdir a b
	for file in a/x.7 a/x.8 b/x.7; do
		echo "$tcp = 3" >$file
	done
	run -0 lanes a/x.7 a/x.8
	[ "${lines[0]}" = "x a/x.7 0 7 None" ]
	[ "${lines[1]}" = "x a/x.8 1 8 None" ]
	run -0 lanes a/x.7 a/x.8 b/x.7
	[ "${lines[0]}" = "a/x a/x.7 0 7 None" ]
	[ "${lines[1]}" = "a/x a/x.8 1 8 None" ]
	[ "${lines[2]}" = "b/x b/x.7 0 7 None" ]
	# A column of pids tells more than a name.
	echo "5 $tcp = 3" >a/x.9
	run -0 lanes a/x.9
	[ "${lines[0]}" = "x a/x.9 0 None None" ]
}

@test "ff: a row of the hosts file may be a pattern" {
	mkdir in
	for pid in 10 9 100; do
		echo "$tcp = 3" >in/x.$pid
	done
	printf 'host,trace,address\nh,x.*,10.0.0.1\n' >in/hosts.csv
	run -0 lanes in/hosts.csv
	[ "${lines[0]}" = "h x.9 0 9 None" ]
	[ "${lines[1]}" = "h x.10 1 10 None" ]
	[ "${lines[2]}" = "h x.100 2 100 None" ]
	printf 'host,trace\nh,y.*\n' >in/hosts.csv
	run -2 --separate-stderr nc-parse in/hosts.csv
	[[ $stderr == *'in/hosts.csv:2:3: no such files: "y.*"' ]]
	printf 'host,trace\nh,x.9\nh,x.*\n' >in/hosts.csv
	run -2 --separate-stderr nc-parse in/hosts.csv
	[[ $stderr == *'in/hosts.csv:3:3: duplicate trace "x.9"' ]]
	# A file of that very name is meant itself.
	echo "$tcp = 3" >'in/y.*'
	printf 'host,trace\nh,y.*\n' >in/hosts.csv
	run -0 lanes in/hosts.csv
	[ "${lines[0]}" = "h y.* 0 None None" ]
}

@test "ff: timed files are one lane, a call under way is announced" {
	cat >x.1 <<-END
	10.000100 $tcp = 3 <0.000010>
	10.000200 clone3({flags=$thread}, 88) = 2 <0.000030>
	10.000300 recvfrom(3, "ab", 9, 0, NULL, NULL) = 2 <0.500000>
	11.000000 exit_group(0) = ?
	11.000200 +++ exited with 0 +++
	END
	cat >x.2 <<-END
	10.000350 $tcp = 4 <0.000010>
	10.200000 sendto(3, "q", 1, 0, NULL, 0) = 1 <0.000020>
	11.000100 +++ exited with 0 +++
	END
	sed -i 's/^/17954000/' x.?
	run -0 lanes x.1 x.2
	[ "${lines[1]}" = "x x.2 0 2 None" ]
	run -0 told x.1 x.2
	printf '%s\n' "${lines[@]}"
	[ "${lines[0]}" = "call x.1:1 socket thread=1 process=1 socket=1 result=3" ]
	[ "${lines[1]}" = "call x.1:2 clone3 thread=1 process=1 result=2" ]
	[ "${lines[2]}" = "begin x.1:3 recvfrom thread=1 process=1 socket=1" ]
	[ "${lines[3]}" = "call x.2:1 socket thread=2 process=1 socket=2 result=4" ]
	[ "${lines[4]}" = "call x.2:2 sendto thread=2 process=1 socket=1 result=1" ]
	[ "${lines[5]}" = "call x.1:3 recvfrom thread=1 process=1 socket=1 result=2" ]
}

@test "ff: times too coarse, or of no common clock, merge no files" {
	for form in '07:00:01 ' '     0.000123 ' '1795400000.123 '; do
		echo "$form$tcp = 3" | tee x.1 >x.2
		run -0 lanes x.1 x.2
		[ "${lines[1]}" = "x x.2 1 2 None" ]
	done
	echo "1795400000.123456 $tcp = 3" >x.1
	echo "07:00:01.123456 $tcp = 3" >y.trace
	printf 'host,trace\nh,x.1\nh,y.trace\n' >hosts.csv
	run -0 lanes hosts.csv
	[ "${lines[1]}" = "h y.trace 1 None None" ]
}

@test "ff: timed files of several tracers are one lane, pids stay apart" {
	echo "7 1795400000.100001 $tcp = 3 <0.000010>" >a.trace
	echo "7 1795400000.050001 $tcp = 3 <0.000010>" >b.trace
	echo "1795400000.070001 $tcp = 3 <0.000010>" >c.trace
	printf 'host,trace\nh,a.trace\nh,b.trace\nh,c.trace\n' >hosts.csv
	run -0 told hosts.csv
	printf '%s\n' "${lines[@]}"
	[ "${lines[0]}" = "call b.trace:1 socket thread=7 process=7 socket=1 result=3" ]
	[ "${lines[1]}" = "call c.trace:1 socket thread=-3 process=-3 socket=2 result=3" ]
	[ "${lines[2]}" = "call a.trace:1 socket thread=7 process=7 socket=3 result=3" ]
}

@test "ff: times of day go on past midnight, whichever file begins there" {
	cat >x.9 <<-END
	23:59:59.000100 $tcp = 3 <0.000010>
	23:59:59.500000 clone(child_stack=NULL, flags=SIGCHLD) = 2 <0.000030>
	00:00:02.000300 $tcp = 5 <0.000010>
	END
	echo "00:00:01.000100 dup(3) = 4 <0.000010>" >x.2
	run -0 told x.9 x.2
	[[ ${lines[2]} == "call x.2:1 dup thread=2 process=2 socket=1 "* ]]
	[[ ${lines[3]} == "call x.9:3 socket "* ]]
}

@test "ff: a descriptor that a thread returns is known to the others at once" {
	# Between the accept and the read its thread makes no other call.
	cat >x.1 <<-END
	10.000100 $tcp = 3 <0.000010>
	10.000200 clone3({flags=$thread}, 88) = 2 <0.000030>
	10.000300 accept(3, NULL, NULL) = 4 <0.100000>
	11.000000 exit_group(0) = ?
	END
	cat >x.2 <<-END
	10.000280 sched_yield() = 0 <0.000010>
	10.100500 recvfrom(4, "q", 1, 0, NULL, NULL) = 1 <0.000020>
	11.000100 +++ exited with 0 +++
	END
	sed -i 's/^/17954000/' x.?
	run -0 told x.1 x.2
	printf '%s\n' "${lines[@]}"
	[[ ${lines[2]} == *"accept thread=1 process=1 socket=1 made=2 result=4" ]]
	[[ ${lines[3]} == *"recvfrom thread=2 process=1 socket=2 result=1" ]]
	[[ $output != *attach* ]]
}

@test "ff: a call that a killed tracer left half written is in progress" {
	printf '10.000100 %s = 3 <0.000010>\n10.000200 accept(3, ' "$tcp" >x.1
	printf '10.000300 %s = 5 <0.000010>\n10.000400 exi' "$tcp" >x.2
	sed -i 's/^/17954000/' x.?
	run -0 told x.1 x.2
	[ "${lines[1]}" = "begin x.1:2 accept thread=1 process=1 socket=1" ]
	run -0 --separate-stderr nc-parse x.1 x.2
	[ "$stderr" = "nc-parse: x.2:2: not a line of a trace" ]
}

@test "ff: execve of a thread ends in its leader's file" {
	cat >x.1 <<-END
	10.000100 $tcp = 3 <0.000010>
	10.000150 socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, 0) = 4 <0.000010>
	10.000200 clone3({flags=$thread}, 88) = 2 <0.000030>
	10.000300 pause() = ?
	10.000600 +++ superseded by execve in pid 2 +++
	10.000700 <... execve resumed>) = 0 <0.000200>
	10.000800 dup(3) = 5 <0.000010>
	END
	cat >x.2 <<-END
	10.000400 dup(3) = 6 <0.000010>
	10.000500 execve("./x", ["./x"], 0x7f /* 3 vars */ <pid changed to 1 ...>
	END
	cp x.1 timed.1
	cp x.2 timed.2
	sed -i 's/^/17954000/' timed.?
	sed -i 's/^[0-9.]* //; s/ <[0-9.]*>$//' x.?
	for name in timed x; do
		run -0 told $name.1 $name.2
		printf '%s\n' "${lines[@]}"
		[[ $output == *"call $name.2:2 execve thread=2 process=1 result=0"* ]]
		[[ $output == *"release thread="?" process=1 socket=2 cause=exec"* ]]
		[[ $output == *"call $name.1:7 dup thread=1 process=1 socket=1"* ]]
		run -0 --separate-stderr nc-parse $name.1 $name.2
		[ -z "$stderr" ]
		[ "$(nc-parse $name.1 $name.2 | nc-report -f jsonl |
		    grep -c '"lost": 0')" -eq 2 ]
	done
}

@test "ff: without times a task begins after the call that made it" {
	cat >x.30 <<-END
	$tcp = 3
	clone(child_stack=NULL, flags=SIGCHLD) = 10
	wait4(10, NULL, 0, NULL) = 10
	close(3) = 0
	exit_group(0) = ?
	+++ exited with 0 +++
	END
	cat >x.10 <<-END
	dup(3) = 4
	exit_group(0) = ?
	+++ exited with 0 +++
	END
	run -0 lanes x.10 x.30
	[ "${lines[0]}" = "x x.10 0 10 1" ]
	[ "${lines[1]}" = "x x.30 1 30 None" ]
	run -0 told x.10 x.30
	[[ $output == *"call x.10:1 dup thread=10 process=10 socket=1 result=4"* ]]
	[[ $output != *attach* ]]
	# Whatever comes first in the stream, the order is that of the kernel.
	nc-parse x.10 x.30 | nc-order | nc-report -f jsonl >ordered
	run -0 python3 -c '
import json
calls = [(r["thread"], r["call"]) for r in map(json.loads, open("ordered"))
         if r["record"] == "call"]
at = calls.index
assert at((30, "clone")) < at((10, "dup"))
assert at((10, "exit_group")) < at((30, "wait4"))
assert at((10, "exit_group")) < at((30, "release")), calls'
}

@test "ff: what threads share is told by annotation, or by the only socket" {
	cat >x.1 <<-END
	$tcp = 3<TCP:[11]>
	clone3({flags=$thread}, 88) = 2
	accept(3<TCP:[11]>, NULL, NULL) = 4<TCP:[1.1.1.1:80->2.2.2.2:9]>
	accept(3<TCP:[11]>, NULL, NULL) = 4<TCP:[1.1.1.1:80->2.2.2.2:8]>
	exit_group(0) = ?
	+++ exited with 0 +++
	END
	cat >x.2 <<-END
	read(4<TCP:[1.1.1.1:80->2.2.2.2:9]>, "a", 9) = 1
	close(4<TCP:[1.1.1.1:80->2.2.2.2:9]>) = 0
	read(4<TCP:[1.1.1.1:80->2.2.2.2:8]>, "b", 9) = 1
	read(3<TCP:[11]>, 0x7f, 9) = -1 ENOTCONN (x)
	+++ exited with 0 +++
	END
	run -0 told x.1 x.2
	printf '%s\n' "${lines[@]}"
	[[ $output == *"x.2:1 read thread=2 process=1 socket=2 result=1"* ]]
	[[ $output == *"x.2:2 release thread=2 process=1 socket=2 cause=close"* ]]
	[[ $output == *"x.2:3 read thread=2 process=1 socket=3 result=1"* ]]
	[[ $output != *attach* ]]
	# Without annotations 3 is one socket; which one 4 is nobody can tell.
	sed -i 's/<TCP:[^(,=]*\]>//g' x.?
	sed -i 's/^read(4/recv(4/; s/^read(3/recv(3/' x.2
	run -0 told x.1 x.2
	printf '%s\n' "${lines[@]}"
	[[ $output == *"x.2:4 recv thread=2 process=1 socket=1 result=-1"* ]]
	run -0 bash -c "nc-parse x.1 x.2 | nc-report -f jsonl | grep '\"late\": 1'"
}

@test "ff: without times a number that only sockets have waits for its socket" {
	{
		echo "$tcp = 3"
		echo "clone3({flags=$thread}, 88) = 2"
		yes 'getpid() = 1' | head -n 3000 || :
		echo 'accept(3, NULL, NULL) = 4'
		echo 'close(4) = 0'
	} >x.1
	cat >x.2 <<-END
	write(4, "SSH-2.0", 7) = 7
	read(4, "a", 9) = 1
	exit(0) = ?
	+++ exited with 0 +++
	END
	run -0 told x.1 x.2
	[[ $output == *"x.2:1 write thread=2 process=1 socket=2 result=7"* ]]
	[[ $output == *"x.2:2 read thread=2 process=1 socket=2 result=1"* ]]
	# A file of a thread's own does not matter to the others.
	sed -i '2a openat(AT_FDCWD, "f", O_RDONLY) = 4\nread(4, "t", 1) = 1\nclose(4) = 0' x.1
	run -0 told x.1 x.2
	[[ $output == *"x.2:1 write thread=2 process=1 socket=2 result=7"* ]]
	# But it may leave it to them.
	sed -i '5d' x.1
	run -0 told x.1 x.2
	[[ $output != *"x.2:1 write"* ]]
	# So it may what it has in pairs.
	sed -i '3,4d; 2a pipe2([4, 5], 0) = 0' x.1
	run -0 told x.1 x.2
	[[ $output != *"x.2:1 write"* ]]
}

# served READ...: a server's accept in one thread, its reads in others
served()
{
	local i=2 call

	cat >c.trace <<-END
	$tcp = 3
	connect(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("10.0.0.1")}, 16) = 0
	send(3, "abc", 3, 0) = 3
	send(3, "de", 2, 0) = 2
	shutdown(3, SHUT_WR) = 0
	recv(3, "ok", 9, 0) = 2
	END
	cat >x.1 <<-END
	$tcp = 3
	bind(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("10.0.0.1")}, 16) = 0
	listen(3, 5) = 0
	accept(3, {sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("10.0.0.2")}, [16]) = 4
	END
	for call; do
		echo "clone3({flags=$thread}, 88) = $i" >>x.1
		echo "$call" >x.$i
		i=$((i + 1))
	done
	echo 'pause() = ?' >>x.1
	printf 'host,trace,address\ns,x.*,10.0.0.1\nc,c.trace,10.0.0.2\n' >hosts.csv
}

@test "ff: without times the thread reads first whose bytes come first" {
	served 'recv(4, "", 9, 0) = 0' 'recv(4, "de", 9, 0) = 2' \
	    'recv(4, "abc", 9, 0) = 3'
	run -0 bash -c "nc-parse -q hosts.csv | nc-order | nc-report -f jsonl |
		jq -r 'select(.host == \"s\" and .call == \"recv\") | .result'"
	[ "$output" = $'3\n2\n0' ]
	run -0 bash -c "nc-parse -q hosts.csv | nc-order | nc-model |
		nc-report -f json"
	[ "$(jq .summary.bytes_compared <<<"$output")" -eq 5 ]
}

@test "ff: without times a wait comes after the task that was waited for" {
	cat >x.1 <<-END
	$tcp = 3
	clone(child_stack=NULL, flags=CLONE_FILES|SIGCHLD) = 2
	wait4(2, NULL, 0, NULL) = 2
	recv(3, "a", 1, 0) = 1
	exit_group(0) = ?
	+++ exited with 0 +++
	END
	cat >x.2 <<-END
	close(3) = 0
	$tcp = 3
	exit_group(0) = ?
	+++ exited with 0 +++
	END
	# That of which the number was several is not told apart, but no other.
	run -0 told x.1 x.2
	[[ $output == *"x.2:2 socket thread=2 process=2 socket=3"* ]]
	[[ $output == *"x.1:4 recv thread=1 process=1 socket=2"* ]]
	# It has no file of its own that ends: it waits for nobody.
	sed -i '/^wait4/s/2/1/g' x.1
	run -0 told x.1 x.2
	[[ $output == *"x.1:4 recv thread=1"* ]]
}

@test "ff: a file copied to a number is not the socket that the thread closed" {
	cat >x.1 <<-END
	$tcp = 3
	$tcp = 4
	clone3({flags=$thread}, 88) = 2
	close(4) = 0
	openat(AT_FDCWD, "f", O_RDONLY) = 4
	fcntl(4, F_DUPFD_CLOEXEC, 0) = 5
	close(4) = 0
	fcntl(5, F_DUPFD_CLOEXEC, 0) = 4
	read(4, "text", 9) = 4
	close(4) = 0
	fcntl(5, F_DUPFD_CLOEXEC, 0) = 4
	read(4, "text", 9) = 4
	close(4) = 0
	exit_group(0) = ?
	+++ exited with 0 +++
	END
	cat >x.2 <<-END
	send(4, "a", 1, 0) = 1
	exit(0) = ?
	+++ exited with 0 +++
	END
	run -0 told x.1 x.2
	[[ $output == *"x.2:1 send thread=2 process=1 socket=2"* ]]
	[[ $output != *" read "* ]]
	[ "$(grep -c ' close ' <<<"$output")" -eq 1 ]
}

@test "ff: a number used again while its process exits was released" {
	cat >x.1 <<-END
	$tcp = 3
	clone3({flags=$thread}, 88) = 2
	exit_group(0) = ?
	+++ exited with 0 +++
	END
	cat >x.2 <<-END
	unshare(CLONE_FILES) = 0
	close(3) = 0
	$tcp = 3
	exit(0) = ?
	+++ exited with 0 +++
	END
	run -0 told x.1 x.2
	[ "$(grep -c "release .*socket=1 " <<<"$output")" -eq 1 ]
	[ "$(grep -c "release .*socket=2 " <<<"$output")" -eq 1 ]
}

@test "ff: without times a process ends after all its threads' lines" {
	cat >x.1 <<-END
	$tcp = 3<TCP:[11]>
	accept(3<TCP:[11]>, NULL, NULL) = 4<TCP:[1.1.1.1:80->2.2.2.2:9]>
	clone3({flags=$thread}, 88) = 2
	clone3({flags=$thread}, 88) = 5
	exit_group(0) = ?
	+++ exited with 0 +++
	END
	{
		yes 'getpid() = 1' | head -n 2000 || :
		cat <<-END
		read(4<TCP:[1.1.1.1:80->2.2.2.2:9]>, "a", 9) = 1
		close(4<TCP:[1.1.1.1:80->2.2.2.2:9]>) = 0
		+++ exited with 0 +++
		END
	} >x.2
	# The number is used again, as far as has been read too early.
	cat >x.5 <<-END
	socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 4<TCP:[12]>
	close(4<TCP:[12]>) = 0
	+++ exited with 0 +++
	END
	run -0 told x.1 x.2 x.5
	printf '%s\n' "${lines[@]}"
	[[ $output == *"x.2:2001 read thread=2 process=1 socket=2 result=1"* ]]
	[[ $output == *"x.2:2002 release thread=2 process=1 socket=2 cause=close"* ]]
	[[ $output != *attach* ]]
	# Two threads that end it at once do not wait for each other.
	sed -i 's/^close.*/exit_group(0) = ?/' x.5
	run -0 told x.1 x.2 x.5
	[[ $output == *"x.1:5 exit_group"* && $output == *"x.5:2 exit_group"* ]]
}

# It ends them as exit_group does; their files come first.
@test "ff: without times a program is executed after all threads' lines" {
	cat >a.10 <<-END
		$tcp = 3
		fcntl(3, F_DUPFD_CLOEXEC, 0) = 4
		close(3) = 0
		clone(child_stack=0x7f, flags=$thread) = 11
		execve("/bin/other", ["other"], 0x7f /* 3 vars */) = 0
		+++ exited with 0 +++
	END
	cat >a.11 <<-'END'
		write(4, "of a thread", 11) = 11
		exit(0) = ?
		+++ exited with 0 +++
	END
	run -0 told a.10 a.11
	grep '^call a.11:1 write .*socket=1 ' <<<"$output"
}

@test "ff: each file has its own ledger, each message its own file" {
	printf '%s = 3 <0.1>\n10.3 bad\n' "$tcp" >x.1
	printf '%s = 3 <0.1>\nnothing\n\0\n' "$tcp" >x.2
	sed -i '1s/^/1795400010.000001 /' x.?
	run -0 --separate-stderr nc-parse x.1 x.2
	[[ $stderr == *"x.1:2: not a line of a trace"* ]]
	[[ $stderr == *"x.2:2: not a line of a trace"* ]]
	[[ $stderr == *"x.2:3: NUL byte"* ]]
	run -0 bash -c "nc-parse -q x.1 x.2 | nc-report -f jsonl |
		grep -o '\"lines\": [0-9]*\|\"rejected\": [0-9]*' | paste -sd ' '"
	[ "$output" = \
	    '"lines": 2 "rejected": 1 "lines": 3 "rejected": 2' ]
	run -2 nc-parse -q --strict x.1 x.2
}

@test "ff: the files may be compressed" {
	for dir in ff ff_tt_T_yy; do
		cp -r "$ROOT/tests/data/dialects/strace/$dir" .
		nc-parse $dir/trace.* | nc-report -f jsonl >plain.jsonl
		gzip $dir/*
		run -0 --separate-stderr nc-parse $dir/trace.*
		[ -z "$stderr" ]
		nc-parse $dir/trace.* | nc-report -f jsonl |
			sed 's/\.gz"/"/' | cmp - plain.jsonl
		head -c 300 $dir/trace.5.gz >"cut"
		mv cut $dir/trace.5.gz
		run -2 --separate-stderr bash -c \
		    "nc-parse $dir/trace.* | nc-report -f jsonl >cut.jsonl
		    exit \${PIPESTATUS[0]}"
		[[ $stderr == \
		    *"nc-parse: $dir/trace.5.gz: gzip data ends early"* ]]
		[ "$(grep -c '"end"' cut.jsonl)" -eq 7 ]
	done
}

@test "ff: lines of many MB are read, those longer than 16 MB passed over" {
	python3 - <<-'END'
	for times in (True, False):
	    for colour in (b"", b"\33[1m"):
	        name = "%s%d" % ("t" if times else "u", bool(colour))
	        def line(us, text):
	            time = b"1795400000.%06d " % us if times else b""
	            return time + colour + text + b"\n"
	        data = b"x" * (3 << 20)
	        with open(name + ".1", "wb") as f:
	            f.write(line(1, b"socket(AF_INET, SOCK_STREAM, 0) = 3") +
	                line(2, b"clone(flags=SIGCHLD) = 2") +
	                line(10, b'write(3, "%s", %d) = %d <0.001>' % (
	                    data, len(data), len(data))) +
	                line(5000, b'write(3, "%s", 1) = 1' % (data * 6)) +
	                line(5001, b"close(3) = 0"))
	        with open(name + ".2", "wb") as f:
	            f.write(line(20, b"getpid() = 2") +
	                line(4999, b'write(3, "%s", 1) = 1' % (data * 6)) +
	                line(6000, b"exit_group(0) = ?") +
	                line(6001, b"+++ exited with 0 +++"))
	END
	for name in t0 t1 u0 u1; do
		nc-parse -q $name.1 $name.2 >$name.nc
		nc-report -f jsonl $name.nc >$name.jsonl
		[ "$(grep -c '"rejected": 1' $name.jsonl)" -eq 2 ]
		python3 - $name.jsonl <<-'END'
		import json, sys
		for line in open(sys.argv[1]):
		    r = json.loads(line)
		    if r["record"] == "call" and r["call"] == "write":
		        assert r["result"] == 3 << 20
		        assert line.count("x") >= 3 << 20
		END
	done
}

@test "ff: more files than may be open, in little memory" {
	python3 - <<-'END'
	for times in (True, False):
	    name = "timed" if times else "apart"
	    def put(f, us, line):
	        f.write(("1795400%03d.%06d " % divmod(us, 1000000)
	                 if times else "") + line + "\n")
	    with open(name + ".1", "w") as main:
	        put(main, 0, "socket(AF_INET, SOCK_STREAM, 0) = 3")
	        for i in range(2000):
	            pid, t = 100 + i, 1000 + 100 * i
	            put(main, t, "clone(child_stack=NULL, flags=SIGCHLD) = %d" %
	                pid)
	            with open("%s.%d" % (name, pid), "w") as f:
	                put(f, t + 20, "dup(3) = 4")
	                put(f, t + 5000, "exit_group(0) = ?")
	                put(f, t + 5010, "+++ exited with 0 +++")
	        put(main, 9000000, "exit_group(0) = ?")
	        put(main, 9000010, "+++ exited with 0 +++")
	    with open(name + ".csv", "w") as f:
	        f.write("host,trace\nh,%s.*[0-9]\n" % name)
	END
	for name in timed apart; do
		run -0 bash -c "ulimit -n 32; ulimit -v 100000
			nc-parse $name.csv >$name.nc"
		nc-order $name.nc | nc-report -f jsonl |
			grep -v '"begin"' >$name.jsonl
		[ "$(grep -c '"dup"' $name.jsonl)" -eq 2000 ]
		[ "$(grep -c '"end"' $name.jsonl)" -eq 2001 ]
		[ "$(grep -c '"late": 0' $name.jsonl)" -eq 2001 ]
		[ "$(grep '"dup"' $name.jsonl | grep -c '"socket": 1,')" -eq 2000 ]
	done
}

@test "ff: times since the line before, of any file, are none" {
	for pid in 7 8; do
		echo "     0.001000 $tcp = 3" >x.$pid
	done
	run -0 bash -c 'nc-parse -q x.7 x.8 | nc-report -f jsonl |
	    grep "\"record\": *\"call\""'
	[ "${#lines[@]}" = 2 ]
	[[ $output != *1000000* ]]
	run -0 bash -c 'nc-parse -q x.7 | nc-report -f jsonl |
	    grep "\"record\": *\"call\""'
	[[ $output == *1000000* ]]
}

@test "ff: a folder stands for its traces, or for its hosts file" {
	mkdir -p run/sub
	for file in run/x.7 run/x.8 run/y.trace run/z.strace; do
		echo "$tcp = 3" >$file
	done
	echo "not a trace" >run/notes.txt
	for operand in run run/ run//; do
		run -0 lanes "$operand"
		[ "${#lines[@]}" -eq 4 ]
		[ "${lines[0]}" = "x run/x.7 0 7 None" ]
		[ "${lines[3]}" = "z run/z.strace 0 None None" ]
	done
	printf 'host,trace\nh,y.trace\n' >run/hosts.csv
	run -0 lanes run
	[ "$output" = "h y.trace 0 None None" ]
	run -2 nc-parse run other
	[[ $output == *"run/hosts.csv: a hosts file stands alone"* ]]
	run -2 nc-parse run/sub
	[ "$output" = "nc-parse: run/sub: neither a hosts.csv nor a trace in this folder" ]
}

@test "ff: --calls lists what strace is to record" {
	run -0 nc-parse --calls
	[[ $'\n'"$output"$'\n' == *$'\nsocket\n'*$'\nepoll_wait\n'* ]]
	[[ $output != *syscall_* && $output != *release* ]]
	expression=$(nc-parse --calls | sed 's/^/?/' | paste -sd,)
	strace -e trace="$expression" -o all.trace true
	grep -q execve all.trace
}
