#!/usr/bin/env bats
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# nc-parse: options, operands, messages, statuses, and what records say.

load ../lib/helper

setup()
{
	cd "$BATS_TEST_TMPDIR" || exit
}

# records TRACE...: its calls as "name entry-line socket result error"
records()
{
	nc-parse -q "$@" | nc-report -f jsonl | python3 -c '
import json, sys
for line in sys.stdin:
    r = json.loads(line)
    kind = r.get("record")
    if kind not in ("call", "begin"):
        continue
    out = [kind, r["call"], "%s-%s" % (r["entry"], r.get("line"))]
    for key in ("socket", "result", "error", "cause", "local", "peer"):
        if r.get(key) is not None:
            out.append("%s=%s" % (key, r[key]))
    print(" ".join(out))'
}

tcp='socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3'
to='{sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("10.0.0.1")}'

@test "nc-parse: -X verbose names an option after its number" {
	cat >t.trace <<-'END'
		socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP) = 3
		setsockopt(3, 0x29 /* SOL_IPV6 */, 0x43 /* IPV6_TCLASS */, [16], 4) = 0
		setsockopt(3, 0x1 /* SOL_SOCKET */, 0xc /* SO_PRIORITY */, [6], 4) = 0
		setsockopt(3, 0x1 /* SOL_SOCKET */, 0x2 /* SO_REUSEADDR */, [1], 4) = 0
		setsockopt(3, 0x1 /* SOL_SOCKET */, 0xff /* SO_??? */, [1], 4) = 0
	END
	nc-parse -q t.trace | nc-report -f jsonl >t.jsonl
	run -0 jq -r 'select(.call == "setsockopt") | "\(.option) \(.value)"' \
	    t.jsonl
	printf '%s\n' "$output"
	[ "$output" = $'IPV6_TCLASS 16\nSO_PRIORITY 6\nSO_REUSEADDR 1\nnull null' ]
}

@test "nc-parse: -V tells the version" {
	run -0 --separate-stderr nc-parse -V
	[[ $output == "nc-parse "[0-9]* ]]
	[ -z "$stderr" ]
}

@test "nc-parse: no operand and unknown options are usage errors" {
	for args in "" -x --nope; do
		# shellcheck disable=SC2086 # a list of arguments
		run -2 --separate-stderr nc-parse $args
		[ -z "$output" ]
		[[ $stderr == *"usage: nc-parse [-hqV] [-F DIALECT]"* ]]
	done
}

@test "nc-parse: an unknown dialect, a missing file and a folder are refused" {
	echo "7 $tcp" >a.trace
	run -2 --separate-stderr nc-parse -F nope a.trace
	[[ $stderr == *'unknown dialect "nope"'* ]]
	run -2 --separate-stderr nc-parse none.trace
	[[ $stderr == *"none.trace: No such file"* ]]
	mkdir empty
	run -2 --separate-stderr nc-parse empty
	[[ $stderr == *"empty: neither a hosts.csv nor a trace in this"* ]]
}

@test "nc-parse: a file that is no trace is refused" {
	printf '<html>\n<body>\n<p>a\n</body>\n</html>\n' >b.trace
	run -2 nc-parse b.trace
	[[ $output == *"b.trace:1: not a trace"* ]]
	printf 'BZh91AY&SY' >c.trace
	run -2 nc-parse c.trace
	[[ $output == *"c.trace:1: compressed with bzip2"* ]]
}

@test "nc-parse: a line cut in the middle is counted and skipped" {
	printf '%s\n' "7 $tcp" "7 sendto(3, \"abc" "7 close(3) = 0" >a.trace
	run -0 --separate-stderr nc-parse a.trace
	[[ $stderr == *"a.trace:2: string without end"* ]]
	run -0 records a.trace
	[ "${lines[1]}" = "call close 3-3 socket=1 result=0" ]
	run -2 nc-parse --strict -q a.trace
}

@test "nc-parse: at most ten bad lines are told, then their number; -q none" {
	{ echo "7 $tcp" && yes '7 ?bad' | head -n 25; } >a.trace
	run -0 --separate-stderr nc-parse a.trace
	[ "${#stderr_lines[@]}" -eq 11 ]
	[[ ${stderr_lines[10]} == *"15 more lines rejected" ]]
	run -0 --separate-stderr nc-parse -q a.trace
	[ -z "$stderr" ]
}

@test "nc-parse: a trace without calls is no usable input" {
	: >empty.trace
	run -2 --separate-stderr nc-parse empty.trace
	[[ $stderr == *"no calls"* ]]
}

@test "nc-parse: two halves are joined, and announced only if need be" {
	cat >a.trace <<-END
	7 $tcp
	7 connect(3, $to, 16) = 0
	7 clone(child_stack=0x1, flags=CLONE_FILES|CLONE_THREAD) = 8
	7 recvfrom(3,  <unfinished ...>
	8 getpid() = 7
	7 <... recvfrom resumed>"a", 8, 0, NULL, NULL) = 1
	7 recvfrom(3,  <unfinished ...>
	8 sendto(3, "x", 1, 0, NULL, 0) = 1
	7 <... recvfrom resumed>"b", 8, 0, NULL, NULL) = 1
	END
	run -0 records a.trace
	[ "${lines[3]}" = "call recvfrom 4-6 socket=1 result=1" ]
	[ "${lines[4]}" = "begin recvfrom 7-None socket=1" ]
	[ "${lines[5]}" = "call sendto 8-8 socket=1 result=1" ]
	[ "${lines[6]}" = "call recvfrom 7-9 socket=1 result=1" ]
}

@test "nc-parse: a first half without an argument does no harm" {
	cat >a.trace <<-END
	7 clone( <unfinished ...>
	7 <... clone resumed>child_stack=NULL, flags=SIGCHLD) = 8
	8 $tcp
	END
	run -0 records a.trace
	[ "${lines[0]}" = "call clone 1-2 result=8" ]
	[ "${lines[1]}" = "call socket 3-3 socket=1 result=3" ]
}

@test "nc-parse: a poll goes on in restart_syscall" {
	cat >a.trace <<-END
	7 $tcp
	7 poll([{fd=3, events=POLLIN}], 1, 60) = ? ERESTART_RESTARTBLOCK (Interrupted by signal)
	7 --- SIGSTOP {si_signo=SIGSTOP} ---
	7 restart_syscall(<... resuming interrupted poll ...>) = 1
	7 poll([{fd=3, events=POLLIN}], 1, 60) = ? ERESTART_RESTARTBLOCK (Interrupted by signal)
	7 rt_sigreturn({mask=[]}) = -1 EINTR (Interrupted system call)
	7 close(3) = 0
	END
	run -0 records a.trace
	[ "${lines[1]}" = "call poll 2-4 socket=1 result=1" ]
	[ "${lines[2]}" = "call poll 5-6 socket=1 error=ERESTART_RESTARTBLOCK" ]
	nc-parse a.trace | nc-report -f jsonl >a.jsonl
	grep '"line": 6, .*"error": "ERESTART_RESTARTBLOCK"' a.jsonl
	grep '"open": 0' a.jsonl
}

@test "nc-parse: -z writes a call when it ends, maybe in two lines" {
	cat >a.trace <<-END
	7 1795415713.000 $tcp
	7 1795415713.001 connect(3, $to, 16) = 0
	7 1795415713.002 clone(child_stack=0x1, flags=CLONE_FILES|CLONE_THREAD) = 8
	8 1795415713.004 sendto(3, "x", 1, 0, NULL, 0) = 1
	7 1795415713.003 recvfrom(3, "a", 8, 0, NULL, NULL) = 1
	7 1795415713.005 recvfrom(3, <unfinished ...>
	"b", 8, 0, NULL, NULL) = 1
	END
	run -0 records a.trace
	[[ $output == *"call recvfrom 4-5 socket=1 result=1"* ]]
	[[ $output == *"call recvfrom 6-7 socket=1 result=1"* ]]
	nc-parse -q a.trace | nc-report -f jsonl >a.jsonl
	grep '"rejected_lines": \[\].*"unmarked": 1' a.jsonl
	grep '"whole": 5, "halves": 2, "lost": 0' a.jsonl
	run -0 --separate-stderr bash -c \
	    "nc-parse --strict a.trace | nc-report --part ledger"
	[[ $stderr == "nc-parse: a.trace:7: second half without a mark, joined" ]]
	[[ $output == *"1 pair joined, 1 pair joined without a mark"* ]]
}

# loader PRELOAD CACHE SETUP: the calls of a program's start
loader()
{
	echo 'execve("/bin/a", ["a"], 0x7ffd /* 9 vars */) = 0'
	echo 'brk(NULL) = 0x55'
	[ -z "$1" ] || echo "access(\"/etc/ld.so.preload\", R_OK) = $1"
	echo "openat(AT_FDCWD, \"/etc/ld.so.cache\", O_RDONLY) = $2"
	[ -z "$3" ] || echo "$3 = 7"
	echo "$tcp"
}

@test "nc-parse: -z ends restart_syscall without a mark, too" {
	cat >a.trace <<-END
	7 $tcp
	7 poll([{fd=3, events=POLLIN}], 1, 60) = ? ERESTART_RESTARTBLOCK (Interrupted by signal)
	7 restart_syscall(<... resuming interrupted poll ...> <unfinished ...>
	) = 0
	7 close(3) = 0
	END
	run -0 --separate-stderr records a.trace
	[ "${lines[1]}" = "call poll 2-4 socket=1 result=0" ]
	nc-parse --strict a.trace 2>told >a.nc
	[ "$(<told)" = "nc-parse: a.trace:4: second half without a mark, joined" ]
}

@test "nc-parse: -z is told by the start of a program, without times" {
	setup="set_tid_address(0x7f)"
	loader "" 3 "$setup" >z.trace
	{ loader "" 3 "$setup"; echo "close(9) = -1 EBADF (Bad)"; } >failed.trace
	loader "-1 ENOENT (No)" 3 "$setup" >shown.trace
	loader 0 3 "$setup" >preload.trace
	loader "" 3 "" >filtered.trace
	loader "" "-1 ENOENT (No)" "$setup" >none.trace
	# A static program loads a module after its start.
	loader "" 3 "$setup" | sed '/^brk/a set_tid_address(0x7f) = 7' \
	    >static.trace
	for f in z failed shown preload filtered none static; do
		nc-parse $f.trace | nc-report --part ledger >$f.ledger
	done
	grep 'traced: .*, -z$' z.ledger
	grep 'not shown .*failed calls' z.ledger
	run -1 grep -l -e ' -z' -e 'failed calls' {failed,shown}.ledger \
	    {preload,filtered,none,static}.ledger
}

@test "nc-parse: a child has what its parent had as it was made, on stderr too" {
	# Pids begin with the child's first line, after the parent went on.
	cat >t.trace <<-END
		socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3
		listen(3, 8) = 0
		clone(child_stack=NULL, flags=SIGCHLD) = 101
		close(3) = 0
		socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3
		pause(strace: Process 101 attached
		 <unfinished ...>
		[pid   101] accept4(3, NULL, NULL, SOCK_CLOEXEC) = 4
		[pid   101] read(4, "x", 1) = 1
	END
	run -0 --separate-stderr sh -c \
	    "nc-parse -q t.trace | nc-report -f jsonl | jq -c 'select(.call) |
	    [.thread, .call, .socket]' | sed -n '/101,/p'"
	[ "$output" = $'[101,"accept4",1]\n[101,"read",3]' ]
	# Without -f the child has no lines at all.
	sed -i '/101]/d' t.trace
	run -0 sh -c "nc-parse -q t.trace | nc-report -f jsonl |
	    jq -c 'select(.call == \"leave\" or .call == \"release\") |
	    [.call, .socket, .marks]'"
	[ "${lines[0]}" = '["release",1,512]' ]
}

@test "nc-parse: the addresses of strace before 4.5, with a brace too many" {
	cat >t.trace <<-'END'
		socket(PF_INET, SOCK_STREAM, IPPROTO_IP) = 3
		bind(3, {sin_family=AF_INET, sin_port=htons(4000), sin_addr=inet_addr("0.0.0.0")}}, 16) = 0
		bind(3, {sa_family=AF_INET, sin_port=htons(4000), sin_addr=inet_addr("0.0.0.0")}}, 16) = 0
	END
	run -0 --separate-stderr sh -c "nc-parse t.trace |
	    nc-report -f jsonl | jq -r 'select(.call == \"bind\") | .local'"
	[ "$output" = 0.0.0.0:4000 ]
	# Of later ones it is damage.
	[[ $stderr == *"t.trace:3: "*"brackets do not fit"* ]]
}

@test "nc-parse: payload of kdump whose tabs became blanks" {
	cat >t.kdump <<-'END'
		  7 cat CALL  socket(PF_INET,SOCK_STREAM,0)
		  7 cat RET   socket 3
		  7 cat CALL  write(0x3,0x7ff,0x12)
		  7 cat GIO   fd 3 wrote 18 bytes
		       "GET / HTTP/1.0\r
		        \r
		       "
		  7 cat RET   write 18/0x12
	END
	run -0 --separate-stderr sh -c "nc-parse t.kdump |
	    nc-report -f jsonl | jq -c 'select(.call == \"write\") | .data'"
	[ "$output" = '"GET / HTTP/1.0\r\n\r\n"' ]
}

@test "nc-parse: -Y with names that need escapes" {
	cat >t.trace <<-'END'
		7<\x70\x79\x74\x68\x6f\x6e\x33\x2e\x31\x31\x2d\x64\x62\x67\x21> socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3
		[pid 7<\321\201\320\265\321\200\320\262\320\265\321\200>] close(3) = 0
	END
	run -0 --separate-stderr sh -c \
	    "nc-parse t.trace | nc-report -f jsonl | jq -c 'select(.call) |
	    [.thread, .call]'"
	[ "$stderr" = "" ]
	[[ $output == $'[7,"socket"]\n[7,"close"]'* ]]
}

@test "nc-parse: the tracer's messages bear the name that it was called by" {
	local name
	for name in strace /usr/bin/strace ./strace ../src/strace-7.2; do
		cat >t.trace <<-END
			$name: Process 4 attached
			4     socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
			4     listen(3, 5) = 0
			4     accept4(3$name: Process 5 attached
			 <unfinished ...>
			$name: Process 6 attached
			4     <... accept4 resumed>, NULL, NULL, 0) = 4
		END
		run -0 --separate-stderr nc-parse t.trace
		[ "$stderr" = "" ]
		run -0 --separate-stderr sh -c \
		    "nc-parse t.trace | nc-report -f jsonl | jq -c 'select(.call) |
		    [.call, .result]'"
		[ "$output" = $'["socket",3]\n["listen",0]\n["accept4",4]' ]
	done
}

@test "nc-parse: output of the program within its call is joined, once told" {
	cat >a.trace <<-END
	Script started on 2026-11-23 09:23:31+00:00 [COMMAND="x"]
	$tcp
	write(1, "ab\\n", 3ab
	) = 3
	write(1, "(1)\\nx", 5(1)
	x) = 5
	writev(1, [{iov_base="a", iov_len=1}, {iov_base="\\n\\n", iov_len=2}], 2a

	) = 3
	write(2, "ab"..., 6ab
	cd
	 <unfinished ...>
	<... write resumed>) = 6
	close(3) = 0
	Script done on 2026-11-23 09:23:32+00:00 [COMMAND_EXIT_CODE="0"]
	END
	run -0 --separate-stderr bash -c \
	    "nc-parse --strict a.trace | nc-report -f jsonl"
	[ "$(grep -c 'joined$' <<<"$stderr")" -eq 2 ]
	[[ $stderr == *"a.trace:3: output"*"a.trace:4: output"* ]]
	[[ $output == *'"calls": 6,'*'"joined": 1,'*'"rejected": 0,'* ]]
	[[ $output == *'"unknown descriptor": 4'*'"program output": 6'* ]]
	[[ $output == *'"script message": 2'*'"io": 4'* ]]
	[[ $output == *'"whole": 5, "halves": 2, "lost": 0'* ]]
}

@test "nc-parse: output of a thread within the lines of others is taken out" {
	cat >a.trace <<-END
	[pid 7] $tcp
	[pid 8] write(1, "ab\\n", 3 <unfinished ...>
	[pid 9] write(1, "x", 1 <unfinished ...>
	[pid 7] sendto(3, "x", 1, 0, NULL, 0xab
	 <unfinished ...>
	[pid 9] <... write resumed>) = 1
	[pid 8] <... write resumed>) = 3
	[pid 7] <... sendto resumed>) = 1
	[pid 8] write(1, "one\\n", 4 <unfinished ...>
	[pid 9] write(2, "two\\nlines that are"..., 25two
	lines that are long.
	one
	 <unfinished ...>
	[pid 7] recvfrom(3, "", 5, 0, NULL, NULL) = 0
	[pid 9] <... write resumed>) = 25
	[pid 8] <... write resumed>) = 4
	END
	run -0 --separate-stderr bash -c \
	    "nc-parse --strict a.trace | nc-report -f jsonl"
	[ "$(wc -l <<<"$stderr")" -eq 1 ]
	[[ $stderr == *"a.trace:5: output of the program within other lines"* ]]
	[[ $output == *'"calls": 7,'*'"joined": 5,'*'"rejected": 0,'* ]]
	[[ $output == *'"program output": 4'*'"lost": 0'* ]]
	run -0 records a.trace
	[[ $output == *"call sendto "*" socket=1 result=1"* ]]
}

@test "nc-parse: bytes that no call shows stay in their lines" {
	# Not what is written, not where it can be, written already.
	cat >a.trace <<-END
	[pid 7] $tcp
	[pid 8] write(1, "ab\\n", 3 <unfinished ...>
	[pid 7] sendto(3, "x", 1, 0, NULL, 0ac
	 <unfinished ...>
	[pid 7] sendto(3, "ab", 2, 0, NULL, 0) = 2
	what ab
	ab
	ab
	[pid 8] <... write resumed>) = 3
	ab
	END
	run -0 --separate-stderr bash -c "nc-parse a.trace | nc-report -f jsonl"
	[[ $output == *'"rejected_lines": [3, 4, 6, 8, 10]'* ]]
	[[ $output == *'"program output": 1'* ]]
}

@test "nc-parse: a line that the program ends with CR, or none at all" {
	local cr=$'\r'

	cat >a.trace <<-END
	$tcp
	getpid() = 7
	write(1, "ab\\r\\n", 4ab$cr
	) = 4
	write(2, "\\r10%", 4${cr}10%) = 4
	close(3) = 0
	END
	run -0 --separate-stderr bash -c \
	    "nc-parse --strict a.trace | nc-report -f jsonl"
	[[ $output == *'"calls": 5,'*'"rejected": 0,'* ]]
}

@test "nc-parse: what is not the output of its call is rejected, and read" {
	# Other bytes, another number, a call, the end.
	cat >a.trace <<-END
	$tcp
	write(1, "ab\\n", 3ac
	) = 3
	write(1, "ab\\n", 3ab
	) = 4
	write(1, "ab"..., 60ab
	sendto(3, "x", 1, 0, NULL, 0) = 1
	write(1, "ab"..., 60ab
	what
	write(1, "ab"..., 60ab
	END
	run -0 --separate-stderr bash -c "nc-parse a.trace | nc-report -f jsonl"
	[[ $output == *'"rejected_lines": [2, 3, 4, 5, 6, 8, 9, 10]'* ]]
	[[ $output == *'"calls": 2, '*'"whole": 2, "halves": 0, "lost": 8'* ]]
	run -0 records a.trace
	[[ $output == *"call sendto 7-7 socket=1 result=1"* ]]
}

@test "nc-parse: a dump completes what -s cut" {
	cat >a.trace <<-END
	7 $tcp
	7 connect(3, $to, 16) = 0
	7 sendto(3, "ab"..., 20, 0, NULL, 0) = 20
	 | 00000  61 62 63 64 65 66 67 68  69 6a 6b 6c 6d 6e 6f 70  abcdefghijklmnop |
	 | 00010  71 72 20 20                                       qr               |
	7 sendmmsg(3, [{msg_hdr={msg_name=NULL, msg_iov=[{iov_base="a"..., iov_len=2}], msg_iovlen=1}, msg_len=2}, {msg_hdr={msg_name=NULL, msg_iov=[{iov_base="c"..., iov_len=2}, {iov_base="e", iov_len=1}], msg_iovlen=2}, msg_len=3}], 2, 0) = 2
	 = 1 buffers in vector 0
	 * 2 bytes in buffer 0
	 | 00000  61 62                                             ab               |
	 = 2 buffers in vector 1
	 * 2 bytes in buffer 0
	 | 00000  63 64                                             cd               |
	 * 1 bytes in buffer 1
	 | 00000  65                                                e                |
	7 sendto(3, "ab"..., 20, 0, NULL, 0) = 20
	 | 00000  7a 62                                             zb               |
	7 sendto(3, "ab"..., 20, 0, NULL, 0) = 20
	7 close(3) = 0
	END
	run -0 records a.trace
	nc-parse a.trace | nc-report -f jsonl >a.jsonl
	grep '"line": 3, .*"data": "abcdefghijklmnopqr  "' a.jsonl
	grep '"line": 6, .*"data": "ab".*"part": 0' a.jsonl
	grep '"line": 6, .*"data": "cde".*"part": 1' a.jsonl
	# Another's dump, and none.
	grep '"line": 15, .*"data": "ab".*"marks": 16' a.jsonl
	grep '"line": 17, .*"data": "ab".*"marks": 16' a.jsonl
	grep '"truncated": 2' a.jsonl
}

@test "nc-parse: what the tracer injects did not happen" {
	cat >a.trace <<-END
	7 $tcp
	7 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 4 (INJECTED)
	7 connect(3, $to, 16) = -1 ECONNREFUSED (Connection refused) (INJECTED)
	7 connect(3, $to, 16) = 0 (DELAYED)
	7 close(3) = -1 EIO (Input/output error) (INJECTED)
	7 sendto(3, "abc", 3, 0, NULL, 0) = 3 (INJECTED)
	7 sendto(4, "abc", 3, 0, NULL, 0) = -1 EBADF (Bad file descriptor)
	7 close(3) = 0
	END
	run -0 records a.trace
	[[ $output == *"call socket 2-2 result=4"$'\n'* ]]
	[[ $output == *"call sendto 6-6 socket=1 result=3"* ]]
	[[ $output == *"call close 8-8 socket=1 result=0"*"release 8-8"* ]]
	[[ $output != *"release 5"* && $output != *"attach"* ]]
	nc-parse a.trace | nc-report -f jsonl >a.jsonl
	grep '"line": 2, .*"marks": 4097' a.jsonl
	grep '"line": 4, .*"marks": 1[,}]' a.jsonl
	grep '"injected": 5' a.jsonl
	# Nothing of it is a fault of the network.
	run -0 netcheck -f json a.trace
	[[ $output != *"connection-refused"* && $output != *"no-listener"* ]]
}

@test "nc-parse: -e inject is told whatever call it changed" {
	for line in 'openat(AT_FDCWD, "/x", O_RDONLY) = -1 ENOENT (No) (INJECTED)' \
	    'getuid() = 7 (INJECTED)' 'getuid() = 7 (INJECTED) (DELAYED)' \
	    'mmap(NULL, 9, PROT_READ, 0, 3, 0) = 0x7f0 (INJECTED: args)' \
	    'read(9, "x", 1) = 1 (DELAYED) <0.001>' \
	    'close(9) = -1 EIO (Input/output error) (INJECTED)'; do
		printf '7 %s\n' "$tcp" "$line" >a.trace
		run -0 bash -c "nc-parse a.trace | nc-report --part ledger"
		[[ $output == *", 1 call injected"*"-e inject"* ]]
	done
	cat >a.trace <<-'END'
	7 read(9,  <unfinished ...>
	8 write(9, "(INJECTED) (DELAYED)", 20) = 20
	7 <... read resumed>"x", 1) = 1 (DELAYED)
	END
	run -0 bash -c "nc-parse a.trace | nc-report --part ledger"
	[[ $output == *", 1 call injected"* ]]
}

@test "netcheck: -q --strict of a damaged trace has no message, status 2" {
	printf '7 %s\n' "$tcp" "what is this" >a.trace
	run -2 --separate-stderr netcheck -q --strict a.trace
	[[ -z $stderr && $output == "Incomplete: "* ]]
	run -0 --separate-stderr netcheck -q a.trace
	[[ -z $stderr && $output == "Nothing to check: "* ]]
}

@test "nc-parse: two forks at once each get their own child" {
	cat >a.trace <<-END
	1 $tcp
	1 clone(child_stack=NULL, flags=SIGCHLD) = 2
	2 close(3) = 0
	2 $tcp
	1 clone(child_stack=NULL, flags=SIGCHLD <unfinished ...>
	2 clone(child_stack=NULL, flags=SIGCHLD <unfinished ...>
	4 listen(3, 5) = 0
	4 socket(AF_INET, SOCK_DGRAM, 0) = 4
	1 <... clone resumed>) = 3
	2 <... clone resumed>) = 4
	3 bind(3, {sa_family=AF_INET, sin_port=htons(1), sin_addr=inet_addr("10.0.0.1")}, 16) = 0
	4 listen(3, 5) = 0
	4 sendto(4, "a", 1, 0, NULL, 0) = 1
	END
	run -0 records a.trace
	[[ $output == *"call bind 11-11 socket=1 "* ]]
	[[ $output == *"call listen 12-12 socket=2 "* ]]
	[[ $output == *"call sendto 13-13 socket=3 "* ]]
}

@test "nc-parse: a connect that is held goes with what turns out to be UNIX" {
	cat >a.trace <<-END
	connect(4, $to, 16) = 0
	recvfrom(4<UNIX:[7]>, "a", 1, 0, NULL, NULL) = 1
	close(4<UNIX:[7]>) = 0
	$tcp
	END
	run -0 records a.trace
	[[ $output == *"call connect 1-1 socket=1 "* ]]
}

@test "nc-parse: impossible times are counted and skipped" {
	cat >a.trace <<-END
	7 1.5 $tcp
	7 17954055719 close(3) = 0
	7 99999999999.5 close(3) = 0
	7 153722867280912931:00:00 close(3) = 0
	7 0.1 getpid() = 7 <99999999999.5>
	7 0.1 close(3) = 0
	END
	run -0 --separate-stderr records a.trace
	[ "${lines[0]}" = "call socket 1-1 socket=1 result=3" ]
	[ "${lines[1]}" = "call close 6-6 socket=1 result=0" ]
	nc-parse -q a.trace | nc-report -f jsonl >a.jsonl
	grep '"rejected_lines": \[2, 3, 4\]' a.jsonl
}

@test "nc-parse: a release waits for the calls inside the socket" {
	cat >a.trace <<-END
	7 $tcp
	7 connect(3, $to, 16) = 0
	7 clone(child_stack=0x1, flags=CLONE_FILES|CLONE_THREAD) = 8
	7 recvfrom(3,  <unfinished ...>
	8 close(3) = 0
	7 <... recvfrom resumed>"a", 8, 0, NULL, NULL) = 1
	END
	run -0 records a.trace
	[ "${lines[4]}" = "call close 5-5 socket=1 result=0" ]
	[ "${lines[5]}" = "begin release 5-None socket=1 cause=close" ]
	[ "${lines[6]}" = "call recvfrom 4-6 socket=1 result=1" ]
	[ "${lines[7]}" = "call release 5-6 socket=1 cause=close" ]
}

@test "nc-parse: exit releases from its call to the end of the process" {
	cat >a.trace <<-END
	7 $tcp
	7 clone(child_stack=NULL, flags=SIGCHLD) = 8
	8 exit_group(0) = ?
	7 close(3) = 0
	8 +++ exited with 0 +++
	END
	run -0 records a.trace
	[ "${lines[3]}" = "call close 4-4 socket=1 result=0" ]
	[ "${lines[4]}" = "call release 4-5 socket=1 cause=close" ]
	printf '%s\n' "7 $tcp" "7 getpid() = 7" "7 +++ killed by SIGKILL +++" \
		>b.trace
	run -0 records b.trace
	[ "${lines[1]}" = "call release 2-3 socket=1 cause=kill" ]
}

@test "nc-parse: close-on-exec descriptors are released by execve" {
	cat >a.trace <<-END
	7 socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_TCP) = 3
	7 fcntl(3, F_DUPFD, 10) = 10
	7 socket(AF_INET, SOCK_DGRAM|SOCK_CLOEXEC, IPPROTO_UDP) = 4
	7 execve("/bin/true", ["true"], 0x7ffe /* 3 vars */) = 0
	7 close(10) = 0
	END
	run -0 records a.trace
	[ "${lines[3]}" = "call execve 4-4 result=0" ]
	[ "${lines[4]}" = "call release 4-4 socket=2 cause=exec" ]
	[ "${lines[6]}" = "call release 5-5 socket=1 cause=close" ]
}

@test "nc-parse: what a kill releases may go as soon as its last call began" {
	cat >a.trace <<-END
	7 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
	7 pause( <unfinished ...>
	8 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
	7 <... pause resumed>) = ?
	7 +++ killed by SIGKILL +++
	END
	run -0 records a.trace
	[[ $output == *"call release 2-5 socket=1 cause=kill"* ]]
}

@test "nc-parse: close-on-exec is known by its number, too" {
	for set in 'fcntl(3, 0x2, 0x1)' 'fcntl(3, 0x2 /* F_SETFD */, 0x1)' \
	    'fcntl(3, F_SETFD, FD_CLOEXEC)' 'ioctl(3, 0x5451 /* FIOCLEX */)' \
	    'ioctl(3, FIOCLEX)' 'ioctl(0x3, 0x5451)'; do
		printf '7 %s\n' "$tcp" "$set = 0" \
		    'execve("/a", ["a"], 0x7f /* 9 vars */) = 0' >a.trace
		run -0 records a.trace
		[[ $output == *"release 3-3"*"cause=exec"* ]]
	done
	for unset in 'fcntl(3, 0x2, 0)' 'ioctl(3, 0x5450)' 'fcntl(3, 0x1, 0x1)'; do
		printf '7 %s\n' "${tcp/STREAM/STREAM|SOCK_CLOEXEC}" "$unset = 0" \
		    'execve("/a", ["a"], 0x7f /* 9 vars */) = 0' \
		    'close(3) = 0' >a.trace
		run -0 records a.trace
		[ "${unset#*0x1,}" != "$unset" ] ||
		    [[ $output == *"release 4-4"*"cause=close"* ]]
	done
}

@test "nc-parse: a connect learns its local address from the next lines" {
	cat >a.trace <<-END
	7 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3<TCP:[77]>
	7 connect(3<TCP:[77]>, $to, 16) = 0
	7 write(3<TCP:[10.0.0.9:4000->10.0.0.1:80]>, "a", 1) = 1
	END
	run -0 records a.trace
	[[ ${lines[1]} == *"result=0 local=10.0.0.9:4000 peer=10.0.0.1:80" ]]
	[ "${lines[2]}" = "call write 3-3 socket=1 result=1" ]
}

@test "nc-parse: a datagram sent from no port learns it from the next lines" {
	cat >a.trace <<-END
	7 socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP) = 3<UDP:[77]>
	7 sendto(3<UDP:[77]>, "a", 1, 0, $to, 16) = 1
	7 sendto(3<UDP:[0.0.0.0:4000]>, "b", 1, 0, $to, 16) = 1
	END
	run -0 records a.trace
	[[ ${lines[1]} == *"result=1 local=0.0.0.0:4000 peer=10.0.0.1:80" ]]
	[[ ${lines[2]} == *"result=1 peer=10.0.0.1:80" ]]
	# Without annotations nothing would tell it: nobody waits.
	sed 's/<[^>]*>//' a.trace >b.trace
	run -0 records b.trace
	[[ ${lines[1]} == *"result=1 peer=10.0.0.1:80" ]]
}

@test "nc-parse: a descriptor of unknown origin is attached before its use" {
	cat >a.trace <<-END
	7 read(5<TCP:[10.0.0.9:80->10.0.0.1:4000]>, "a", 8) = 1
	7 read(6</etc/passwd>, "a", 8) = 1
	END
	run -0 records a.trace
	[ "${#lines[@]}" -eq 2 ]
	[[ ${lines[0]} == "call attach 1-1 socket=1 cause=connected"* ]]
}

@test "nc-parse: calls tell what an attached socket without details is" {
	# strace -p PID without -yy: a server's listener, and its UDP socket.
	cat >a.trace <<-'END'
		7 accept4(3, {sa_family=AF_INET, sin_port=htons(4000), sin_addr=inet_addr("10.0.0.1")}, [16], SOCK_CLOEXEC) = 5
		7 recvfrom(5, "ask", 100, 0, NULL, NULL) = 3
		7 sendto(5, "answer", 6, 0, NULL, 0) = 6
		7 close(5) = 0
		7 recvfrom(4, "ask", 100, 0, {sa_family=AF_INET, sin_port=htons(4001), sin_addr=inet_addr("10.0.0.1")}, [16]) = 3
		7 sendto(4, "answer", 6, 0, {sa_family=AF_INET, sin_port=htons(4001), sin_addr=inet_addr("10.0.0.1")}, 16) = 6
	END
	run -0 sh -c "nc-parse -q a.trace | nc-report -f jsonl |
	    jq -c 'select(.call == \"attach\") | [.fd, .domain, .type, .cause]'"
	[ "${lines[0]}" = '[3,"AF_INET","SOCK_STREAM","listening"]' ]
	[ "${lines[1]}" = '[4,"AF_INET","SOCK_DGRAM","unknown"]' ]
	printf 'host,trace,address\ns,a.trace,10.0.0.2\n' >hosts.csv
	run -0 --separate-stderr netcheck .
	[[ $output == "No problem found: 1 connection and 1 datagram flow of 1"* ]]
}

@test "nc-parse: an attached listener has the port of those it hands out" {
	cat >s.trace <<-'END'
		7 accept4(3, {sa_family=AF_INET, sin_port=htons(4000), sin_addr=inet_addr("10.0.0.1")}, [16], SOCK_CLOEXEC) = 5
		7 getsockname(5, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("10.0.0.2")}, [16]) = 0
		7 recvfrom(5, "ask", 100, 0, NULL, NULL) = 3
		7 sendto(5, "answer", 6, 0, NULL, 0) = 6
		7 close(5) = 0
	END
	cat >c.trace <<-'END'
		9 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3
		9 connect(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("10.0.0.2")}, 16) = 0
		9 sendto(3, "ask", 3, 0, NULL, 0) = 3
		9 recvfrom(3, "answer", 100, 0, NULL, NULL) = 6
		9 close(3) = 0
		9 +++ exited with 0 +++
	END
	run -0 sh -c "nc-parse -q s.trace | nc-report -f jsonl |
	    jq -r 'select(.call == \"attach\") | .local'"
	[ "$output" = 0.0.0.0:80 ]
	printf 'host,trace,address\ns,s.trace,10.0.0.2\nc,c.trace,10.0.0.1\n' >hosts.csv
	run -0 --separate-stderr netcheck hosts.csv
	[[ $output == *": 1 connection and"*"(100.00 %) were"* ]]
	# Nobody tells the port: it is the one that is asked for.
	sed -i /getsockname/d s.trace
	run -0 --separate-stderr netcheck hosts.csv
	[[ $output == *": 1 connection and"*"(100.00 %) were"* ]]
	# The client does not wait for it.
	sed 's/^\(9 connect.*\) = 0$/\1 = -1 EINPROGRESS (Operation now in progress)\
9 poll([{fd=3, events=POLLOUT}], 1, -1) = 1 ([{fd=3, revents=POLLOUT}])\
9 getsockopt(3, SOL_SOCKET, SO_ERROR, [0], [4]) = 0/' c.trace >nonblocking.trace
	[ "$(wc -l <nonblocking.trace)" -eq 8 ]
	sed s/c.trace/nonblocking.trace/ hosts.csv >hosts2.csv
	run -0 --separate-stderr netcheck hosts2.csv
	[[ $output == *": 1 connection and"*"(100.00 %) were"* ]]
	# Not within a host, where both may be others' that are not traced.
	sed -i s/10.0.0.1/10.0.0.2/ s.trace
	run -0 --separate-stderr netcheck hosts.csv
	[[ $output == "No problem found: 2 connections"* ]]
}

# ignored TRACE: its ignored lines, by reason
ignored()
{
	nc-parse -q "$1" | nc-report --part ledger | sed -n 's/.*ignored lines: //p'
}

@test "nc-parse: runs appended to one file are no processes in mid life" {
	shown() { nc-parse -q "$1" | nc-report --part ledger | grep -c history; }
	cat >a.trace <<-END
	7 execve("/a", ["a"], 0x7f /* 9 vars */) = 0
	7 fork() = 8
	8 exit_group(0) = ?
	8 +++ exited with 0 +++
	7 exit_group(0) = ?
	7 +++ exited with 0 +++
	9 execve("/a", ["a"], 0x7f /* 9 vars */) = 0
	9 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
	9 exit_group(0) = ?
	9 +++ exited with 0 +++
	END
	run -1 shown a.trace
	# Not begun by its tracer, or while others live: its past is unknown.
	sed '/^9 execve/d' a.trace >b.trace
	run -0 shown b.trace
	sed '/^7 exit/d; /^7 +++/d' a.trace >c.trace
	run -0 shown c.trace
}

@test "nc-parse: numbers from before the trace are unknown, no files" {
	cat >a.trace <<-END
	7 read(5, "a", 9) = 1
	7 openat(AT_FDCWD, "/x", O_RDONLY) = 6
	7 read(6, "a", 9) = 1
	7 close(5) = 0
	7 close(5) = -1 EBADF (Bad file descriptor)
	7 poll([{fd=6, events=POLLIN}], 1, 0) = 0
	7 poll([{fd=8, events=POLLIN}], 1, 0) = 0
	7 epoll_wait(9, [], 8, -1) = 0
	7 fork() = 8
	8 write(6, "a", 1) = 1
	8 write(8, "a", 1) = 1
	8 dup2(8, 6) = 6
	END
	run -0 ignored a.trace
	[ "$output" = "no socket 4, unknown descriptor 6, no socket watched 1" ]
	# Annotations tell, and a program that the tracer began has none.
	sed 's/(\([5-9]\),/(\1<\/x>,/; s/^7 close(5)/7 close(5<\/x>)/' a.trace >b.trace
	run -0 ignored b.trace
	[[ $output != *unknown* ]]
	{ echo '7 execve("/a", ["a"], 0x7f /* 9 vars */) = 0'; cat a.trace; } >c.trace
	run -0 ignored c.trace
	[[ $output != *"unknown descriptor 6"* ]]
}

@test "nc-parse: descriptors passed without their numbers are told" {
	control='msg_control=[{cmsg_len=20, cmsg_level=0x1, cmsg_type=0x1, cmsg_data=[...]}]'
	cat >a.trace <<-END
	7 socket(AF_UNIX, SOCK_STREAM, 0) = 4
	7 $tcp
	7 recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[...], msg_iovlen=1, $control, msg_controllen=24, msg_flags=0}, 0) = 1
	7 send(3, ""..., 1, 0) = 1
	7 exit_group(0) = ?
	7 +++ exited with 0 +++
	END
	run -0 bash -c "nc-parse a.trace | nc-report -f jsonl"
	[[ $output == *'"hidden": ['*'"passed descriptors"'* ]]
	# No close was traced: what 3 stands for now, nobody can tell.
	unfollowed=$(grep '"release"' <<<"$output" | grep -o '"marks": [0-9]*')
	[ -n "$unfollowed" ]
	sed '4i7 close(9) = 0' a.trace >b.trace
	sed -i 's/^7 send/7 close(9) = 0\n&/' a.trace
	sed -i '1i7 close(9) = 0' a.trace
	run -0 bash -c "nc-parse a.trace | nc-report -f jsonl"
	[[ $output == *'"passed descriptors"'* ]]
	run ! grep '"release".*"marks"' <<<"$output"
}

@test "nc-parse: bare traces get hosts that differ" {
	mkdir x y
	echo "7 $tcp" | tee x/a.trace >y/a.trace
	run -0 bash -c "nc-parse x/a.trace y/a.trace | nc-report -f jsonl |
		grep -o '\"host\": *\"[^\"]*\"' | sort -u"
	[[ $output == *x/a* && $output == *y/a* ]]
}

@test "nc-parse: the hosts file's errors have file, line and column" {
	printf 'host,trace,address\na,none.trace,\n' >hosts.csv
	run -2 --separate-stderr nc-parse hosts.csv
	[[ $stderr == *"hosts.csv:2:3: No such file or directory"* ]]
	printf 'host,trace,colour\na,b,\n' >hosts.csv
	run -2 --separate-stderr nc-parse hosts.csv
	[[ $stderr == *'hosts.csv:1:12: unknown column "colour"' ]]
	echo "7 $tcp" >b.trace
	printf 'host,trace,format\na,b.trace,nope\n' >hosts.csv
	run -2 --separate-stderr nc-parse hosts.csv
	[[ $stderr == *'hosts.csv:2:11: unknown format "nope"' ]]
}

@test "nc-parse: standard input is a trace; the same input, the same bytes" {
	echo "7 $tcp" >a.trace
	nc-parse - <a.trace >1.nc
	nc-parse - <a.trace >2.nc
	cmp 1.nc 2.nc
}

@test "nc-parse: a full disk is an error" {
	echo "7 $tcp" >a.trace
	run -2 bash -c "nc-parse a.trace >/dev/full"
	[[ $output == *"standard output"* ]]
}

# data TRACE: the payloads that were read, "-" for unknown ones
data()
{
	nc-parse -q "$1" | nc-report -f jsonl | python3 -c '
import json, sys
for line in sys.stdin:
    r = json.loads(line)
    if r.get("call") == "recvfrom":
        print(r.get("data") or "-")'
}

@test "nc-parse: bytes that MSG_TRUNC throws away from a stream are not known" {
	cat >a.trace <<-'EOF'
	7 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
	7 recvfrom(3, "\0\0", 16384, MSG_TRUNC|MSG_DONTWAIT, NULL, NULL) = 2
	7 recvfrom(3, "abc", 16384, MSG_DONTWAIT, NULL, NULL) = 3
	7 socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 4
	7 recvfrom(4, "de", 2, MSG_TRUNC, NULL, NULL) = 9
	EOF
	run -0 data a.trace
	[ "$output" = $'-\nabc\nde' ]
}

@test "nc-parse: pipe's result is no descriptor" {
	cat >a.trace <<-EOF
	7 ${tcp%3}0
	7 pipe2([3, 4], 0) = 0
	7 pipe([5, 6]) = 0
	7 send(0, "x", 1, 0) = 1
	EOF
	run -0 records a.trace
	[[ $output != *release*close* ]]
	[[ $output == *"send 4-4 socket=1"* ]]
}

@test "nc-parse: a descriptor may be received before its sendmsg ends" {
	pass='msg_controllen=20, msg_control=[{cmsg_len=20,'
	pass+=' cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS,'
	cat >a.trace <<-EOF
	7 socketpair(AF_UNIX, SOCK_STREAM, 0, [4, 5]) = 0
	7 clone(child_stack=NULL, flags=SIGCHLD) = 8
	7 $tcp
	8 recvmsg(5, <unfinished ...>
	7 sendmsg(4, {msg_name=NULL, $pass cmsg_data=[3]}]}, 0 <unfinished ...>
	8 <... recvmsg resumed>{msg_name=NULL, $pass cmsg_data=[6]}]}, 0) = 1
	7 <... sendmsg resumed>) = 1
	7 close(3) = 0
	8 close(6) = 0
	7 $tcp
	7 sendmsg(4, {msg_name=NULL, $pass cmsg_data=[3]}]}, 0) = -1 EPIPE (x)
	7 close(3) = 0
	7 exit_group(0) = ?
	EOF
	run -0 records a.trace
	[[ $output == *"close 9-9 socket=3 "*"release 9-9 socket=3 "* ]]
	[[ $output != *"release 8-8"* ]]
	[[ $output == *"release 12-12 socket=4 "* ]]
}

@test "nc-parse: what poll and select watch is resolved at their entry" {
	cat >a.trace <<-EOF
	7 $tcp
	7 clone(child_stack=0x1, flags=CLONE_FILES|CLONE_THREAD) = 8
	8 poll([{fd=3, events=POLLIN}, {fd=9, events=POLLIN}], 2, 5 <unfinished ...>
	7 close(3) = 0
	8 <... poll resumed>) = 1 ([{fd=3, revents=POLLNVAL}])
	7 $tcp
	8 select(4, [3], NULL, NULL, NULL <unfinished ...>
	7 close(3) = 0
	8 <... select resumed>) = 1 (in [3])
	EOF
	run -0 bash -c "nc-parse -q a.trace | nc-report -f jsonl |
		grep -E '\"(poll|select)\"' |
		sed 's,.*\"record\": ,,;s,\"host.*\"socket\",,;s,\"timeout.*\"ready,,'"
	[[ ${lines[0]} == *begin*" 1, \"fd\": 3, \": [1, 3, 1, 0]"* ]]
	[[ ${lines[1]} == *call*" 1, \"fd\": 3, "*": [1, 3, 1, 32]"* ]]
	[[ ${lines[2]} == *begin*" 2, \"fd\": 3, \": [2, 3, 1, 0]"* ]]
	[[ ${lines[3]} == *call*" 2, \"fd\": 3, "*": [2, 3, 1, 1]"* ]]
}

@test "nc-parse: select reports several descriptors with their annotations" {
	cat >a.trace <<-'EOF'
	7 select(6, [3<TCP:[0.0.0.0:80]> 4<TCP:[10.0.1.2:80->10.0.2.2:5]> 5<TCP:[10.0.1.2:80->10.0.2.2:6]>], [5<TCP:[10.0.1.2:80->10.0.2.2:6]>], NULL, {tv_sec=1, tv_usec=0}) = 3 (in [3<TCP:[0.0.0.0:80]> 5<TCP:[10.0.1.2:80->10.0.2.2:6]>], out [5<TCP:[10.0.1.2:80->10.0.2.2:6]>], left {tv_sec=0, tv_usec=9})
	EOF
	run -0 bash -c "nc-parse -q a.trace | nc-report -f jsonl | grep '\"select\"'"
	[[ $output == *'"ready": [1, 3, 1, 1, 2, 4, 1, 0, 3, 5, 5, 5]'* ]]
}

# fields KIND KEY...: the values of a kind's records
fields()
{
	nc-report -f jsonl | python3 -c '
import json, sys
for line in sys.stdin:
    r = json.loads(line)
    if r.get("record") == sys.argv[1]:
        print(*[r.get(k) for k in sys.argv[2:]])' "$@"
}

@test "nc-parse: netlink and ioctl replies tell the host's addresses" {
	in='sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr'
	cat >a.trace <<-EOF
	7 socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 3
	7 ioctl(3, SIOCGIFCONF, {ifc_len=80, ifc_buf=[{ifr_name="lo", ifr_addr={$in("127.0.0.1")}}, {ifr_name="eth0", ifr_addr={$in("10.0.0.2")}}]}) = 0
	7 ioctl(3, SIOCGIFNETMASK, {ifr_name="eth0", ifr_netmask={$in("255.0.0.0")}}) = 0
	7 socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE) = 4
	7 recvmsg(4, {msg_iov=[{iov_base=[[{nlmsg_len=76, nlmsg_type=RTM_NEWADDR}, {ifa_family=AF_INET}, [[{nla_len=8, nla_type=IFA_ADDRESS}, inet_addr("10.9.9.9")], [{nla_len=8, nla_type=IFA_LOCAL}, inet_addr("10.0.0.3")]]], [{nlmsg_len=88, nlmsg_type=RTM_NEWADDR}, {ifa_family=AF_INET6}, [[{nla_len=20, nla_type=IFA_ADDRESS}, inet_pton(AF_INET6, "fd00::3")]]]], iov_len=4096}]}, 0) = 164
	EOF
	run -0 bash -c "$(declare -f fields)
		nc-parse a.trace | fields address address source"
	[ "$output" = $'10.0.0.2 ioctl\n10.0.0.3 netlink\nfd00::3 netlink' ]
}

@test "nc-parse: a child without lines is unfollowed and holds its sockets" {
	cat >a.trace <<-EOF
	7 $tcp
	7 clone(child_stack=NULL, flags=SIGCHLD) = 8
	7 clone(child_stack=NULL, flags=SIGCHLD) = 9
	9 close(3) = 0
	9 exit_group(0) = ?
	9 +++ exited with 0 +++
	7 close(3) = 0
	7 exit_group(0) = ?
	7 +++ exited with 0 +++
	EOF
	nc-parse a.trace >a.nc
	run -0 fields end unfollowed cut <a.nc
	[ "$output" = "1 0" ]
	run -0 bash -c "$(declare -f fields)
		fields call call entry line marks <a.nc | grep release"
	[ "$output" = "release 7 9 512" ]
}

@test "nc-parse: on stderr pids begin with the second process" {
	cat >a.trace <<-EOF
	$tcp
	clone(child_stack=NULL, flags=SIGCHLD) = 8
	[pid     8] close(3) = 0
	[pid     7] close(3) = 0
	[pid     8] +++ exited with 0 +++
	+++ exited with 0 +++
	EOF
	nc-parse a.trace >a.nc
	run -0 fields end unfollowed cut processes <a.nc
	[ "$output" = "0 0 2" ]
	run -0 bash -c "$(declare -f fields)
		fields call call entry line marks <a.nc | grep release"
	[ "$output" = "release 4 4 None" ]
}

@test "nc-parse: tasks of unknown origin share descriptors until refuted" {
	cat >a.trace <<-EOF
	7 $tcp
	7 bind(3, $to, 16) = 0
	7 listen(3, 5) = 0
	8 accept(3, NULL, NULL) = 4
	9 recvfrom(4, "a", 1, 0, NULL, NULL) = 1
	9 accept(3, NULL, NULL) = 4
	8 recvfrom(4, "b", 1, 0, NULL, NULL) = 1
	9 recvfrom(4, "c", 1, 0, NULL, NULL) = 1
	EOF
	run -0 bash -c "$(declare -f fields)
		nc-parse a.trace | fields call call thread socket made"
	[ "${lines[3]}" = "accept 8 1 2" ]
	[ "${lines[4]}" = "recvfrom 9 2 None" ]
	[ "${lines[5]}" = "accept 9 1 3" ]
	[ "${lines[6]}" = "recvfrom 8 2 None" ]
	[ "${lines[7]}" = "recvfrom 9 3 None" ]
	[ "${#lines[@]}" -eq 8 ]
}

@test "nc-parse: a descriptor taken from another process is told by its note" {
	cat >a.trace <<-EOF
	7 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3<TCP:[77]>
	7 pidfd_getfd(5, 3, 0) = 6<TCP:[77]>
	7 listen(6<TCP:[77]>, 5) = 0
	7 pidfd_getfd(5, 3, 0) = 7<TCP:[10.0.0.2:80->10.0.0.1:4000]>
	7 send(7<TCP:[10.0.0.2:80->10.0.0.1:4000]>, "a", 1, 0) = 1
	EOF
	run -0 bash -c "$(declare -f fields)
		nc-parse a.trace | fields call call socket cause"
	[ "${lines[1]}" = "listen 1 None" ]
	[ "${lines[2]}" = "attach 2 connected" ]
	[ "${lines[3]}" = "send 2 None" ]
}

@test "nc-parse: an address first seen in a set is told by the next call" {
	cat >a.trace <<-EOF
	7 socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 3<UDP:[77]>
	7 bind(3<UDP:[77]>, {sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr("0.0.0.0")}, 16) = 0
	7 poll([{fd=3<UDP:[0.0.0.0:57630]>, events=POLLIN}], 1, 5) = 0 (Timeout)
	7 recvfrom(3<UDP:[0.0.0.0:57630]>, "b", 9, 0, NULL, NULL) = 1
	7 recvfrom(3<UDP:[0.0.0.0:57630]>, "b", 9, 0, NULL, NULL) = 1
	EOF
	run -0 bash -c "$(declare -f fields)
		nc-parse a.trace | fields call call local"
	[ "${lines[3]}" = "recvfrom 0.0.0.0:57630" ]
	[ "${lines[4]}" = "recvfrom None" ]
}

@test "nc-parse: one file given twice, under two names, is refused" {
	echo '1 close(3) = 0' >a.trace
	run -2 --separate-stderr nc-parse a.trace ./a.trace
	[ -z "$output" ]
	[ "$stderr" = "nc-parse: ./a.trace: the same file as a.trace" ]
}

@test "nc-parse: groups and interfaces of multicast options" {
	cat >t <<'END'
1 socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 3
1 setsockopt(3, SOL_IP, IP_ADD_MEMBERSHIP, {imr_multiaddr=inet_addr("239.1.1.1"), imr_interface=inet_addr("127.0.0.1")}, 8) = 0
1 setsockopt(3, 0, 0x24, {imr_multiaddr="\xef\x01\x01\x01", imr_interface="\x00\x00\x00\x00"}, 12) = 0
1 setsockopt(3, SOL_IP, MCAST_JOIN_GROUP, {gr_interface=if_nametoindex("lo"), gr_group={sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr("239.1.1.2")}}, 136) = 0
1 setsockopt(3, SOL_IP, IP_ADD_SOURCE_MEMBERSHIP, "\357\1\1\1\177\0\0\1\177\0\0\1", 12) = 0
1 setsockopt(3, SOL_IPV6, IPV6_ADD_MEMBERSHIP, {inet_pton(AF_INET6, "ff02::1234", &ipv6mr_multiaddr), ipv6mr_interface=if_nametoindex("lo")}, 20) = 0
1 setsockopt(3, SOL_IP, IP_MULTICAST_IF, [16777343], 4) = 0
1 setsockopt(3, SOL_IP, IP_MULTICAST_IF, "\357\1\1\1\12\0\0\2\1\0\0\0", 12) = 0
END
	run -0 records t
	[[ ${lines[1]} == *"local=127.0.0.1 peer=239.1.1.1:0" ]]
	[[ ${lines[2]} == *"local=0.0.0.0 peer=239.1.1.1:0" ]]
	[[ ${lines[3]} == *"peer=239.1.1.2:0" ]]
	[[ ${lines[4]} == *"local=127.0.0.1 peer=239.1.1.1:0" ]]
	[[ ${lines[5]} == *"peer=[ff02::1234]:0" ]]
	[[ ${lines[6]} == *"local=127.0.0.1" ]]
	[[ ${lines[7]} == *"local=10.0.0.2" ]]
}

@test "nc-parse: multicast options given as a single byte" {
	cat >t <<'END'
1 socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 3
1 setsockopt(3, SOL_IP, IP_MULTICAST_LOOP, "\0", 1) = 0
1 setsockopt(3, SOL_IP, IP_MULTICAST_TTL, "\2", 1) = 0
END
	nc-parse -q t | nc-report -f jsonl >out
	grep -q '"option": "IP_MULTICAST_LOOP".*"value": 0' out ||
	    grep -q '"value": 0.*"option": "IP_MULTICAST_LOOP"' out
	grep -q '"value": 2' out
}

# leaves TRACE: the pseudo-calls of its sockets
leaves()
{
	nc-parse -q "$@" | nc-report -f jsonl | jq -r \
	    'select(.call == "leave" or .call == "release") | .call + " " +
	    .cause + " " + (.process | tostring)'
}

@test "nc-parse: what only children may have open is left, then released" {
	cat >child.trace <<'EOF'
7 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
7 vfork()                                   = 8
7 close(3)                                  = 0
8 execve("/bin/sleep", ["sleep", "9"], 0x7ffd /* 3 vars */) = 0
8 exit_group(0)                             = ?
8 +++ exited with 0 +++
7 exit_group(0)                             = ?
7 +++ exited with 0 +++
EOF
	run -0 leaves child.trace
	[ "$output" = $'leave close 7\nrelease exit 8' ]
	run -0 bash -c "nc-parse child.trace | nc-report --part=ledger"
	[[ $output == *"not shown by this trace: "*close_range* ]]
	# A child that names it has it; calls of no class show all the others.
	sed '/^8 execve/d; s/^7 close(3).*/8 write(3, "a", 1) = 1\n&/' \
	    child.trace >order.trace
	run -0 leaves order.trace
	[ "$output" = "release exit 8" ]
	{ echo '7 set_tid_address(0x7f) = 7' && cat child.trace; } >all.trace
	run -0 leaves all.trace
	[ "$output" = "release exit 8" ]
	{ echo '7 close_range(9, 9, 0) = 0' && cat child.trace; } >all.trace
	run -0 leaves all.trace
	[ "$output" = "release exit 8" ]
}

@test "nc-parse: a file that may not be opened is a record, and how it was to be" {
	cat >a.trace <<-END
	7 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
	7 openat(AT_FDCWD, "/r", O_RDONLY|O_CLOEXEC) = -1 EACCES (Permission denied)
	7 open("/w", O_WRONLY|O_CREAT|O_TRUNC, 0666) = -1 EACCES (Permission denied)
	7 openat(AT_FDCWD</>, "/b", O_RDWR|O_NONBLOCK) = -1 EPERM (Operation not permitted)
	7 creat("/c", 0644) = -1 EACCES (Permission denied)
	7 openat2(AT_FDCWD, "/n", {flags=O_WRONLY, resolve=0}, 24) = -1 EACCES (Permission denied)
	7 openat(AT_FDCWD, "/none", O_WRONLY) = -1 ENOENT (No such file or directory)
	END
	run -0 bash -c "nc-parse -q a.trace | nc-report -f jsonl |
	    jq -r 'select(.option) | \"\\(.call) \\(.option) \\(.flags)\"'"
	[ "${lines[*]}" = "openat /r 0 open /w 1 openat /b 2 creat /c 1 openat2 /n 1" ]
}

# until TRACE: the calls that a next line bounds, as "name microseconds"
until_of()
{
	nc-parse -q "$@" | nc-report -f jsonl | python3 -c '
import json, sys
for line in sys.stdin:
    r = json.loads(line)
    if "until" in r:
        print(r["call"], (r["until"] - r["time"]) // 1000)'
}

@test "nc-parse: without -T the next line bounds when a call was over" {
	cat >all.trace <<-EOF
	7 10:00:00.000000 set_robust_list(0x7f0000000000, 24) = 0
	7 10:00:00.000100 $tcp
	7 10:00:00.000200 connect(3, $to, 16) = 0
	7 10:00:01.000200 recvfrom(3, "abc", 9, 0, NULL, NULL) = 3
	7 10:00:01.000500 getpid() = 7
	7 10:00:01.000600 recvfrom(3,  <unfinished ...>
	8 10:00:01.000700 getpid() = 8
	7 10:00:03.000600 <... recvfrom resumed>"", 9, 0, NULL, NULL) = 0
	7 10:00:03.000700 close(3) = 0
	EOF
	run -0 until_of all.trace
	[ "$output" = "connect 1000000
recvfrom 300" ]
}

@test "nc-parse: no bound where sleeps may be left out, nor beside durations" {
	cat >network.trace <<-EOF
	7 10:00:00.000100 $tcp
	7 10:00:00.000200 connect(3, $to, 16) = 0
	7 10:00:01.000200 recvfrom(3, "abc", 9, 0, NULL, NULL) = 3
	7 10:00:01.000700 close(3) = 0
	EOF
	run -0 until_of network.trace
	[ -z "$output" ]
	cat >took.trace <<-EOF
	7 10:00:00.000000 set_robust_list(0x7f0000000000, 24) = 0 <0.000010>
	7 10:00:00.000100 $tcp <0.000010>
	7 10:00:00.000200 connect(3, $to, 16) = 0 <0.000010>
	7 10:00:01.000700 close(3) = 0 <0.000010>
	EOF
	run -0 until_of took.trace
	[ -z "$output" ]
}

@test "nc-parse: the files of strace -ff bound their calls as one file does" {
	cat >all.trace.7 <<-EOF
	10:00:00.000000 set_robust_list(0x7f0000000000, 24) = 0
	10:00:00.000100 $tcp
	10:00:00.000200 connect(3, $to, 16) = 0
	10:00:01.000200 clone(child_stack=NULL, flags=SIGCHLD) = 8
	10:00:01.000300 recvfrom(3, "abc", 9, 0, NULL, NULL) = 3
	10:00:02.000300 close(3) = 0
	10:00:02.000400 +++ exited with 0 +++
	EOF
	cat >all.trace.8 <<-EOF
	10:00:01.500000 close(3) = 0
	10:00:01.600000 exit_group(0) = ?
	10:00:01.600100 +++ exited with 0 +++
	EOF
	run -0 until_of all.trace.7 all.trace.8
	[ "$output" = "connect 1000000
recvfrom 1000000" ]
}
