#!/usr/bin/env bats
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# nc-parse: which task made which.

load ../lib/helper

setup()
{
	cd "$BATS_TEST_TMPDIR" || return 1
}

@test "nc-parse: the child of a vfork is told from a thread being made" {
	cat >t.trace <<-'END'
		10 1700000000.000001 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3<TCP:[100]>
		10 1700000000.000002 clone(child_stack=0x7f00, flags=CLONE_VM|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD) = 11
		11 1700000000.000003 clone(child_stack=0xc0, flags=CLONE_VM|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD <unfinished ...>
		10 1700000000.000004 clone(child_stack=NULL, flags=CLONE_VM|CLONE_VFORK|SIGCHLD <unfinished ...>
		13 1700000000.000005 execve("/bin/true", ["true"], 0x7ffd) = 0
		10 1700000000.000006 <... clone resumed>) = 13
		12 1700000000.000007 close(3<TCP:[100]>) = 0
		11 1700000000.000008 <... clone resumed>, tls=0xc0) = 12
	END
	run -0 --separate-stderr bash -c 'nc-parse t.trace | nc-report -f jsonl'
	[ -z "$stderr" ]
	# Of process 10, as a thread of its own is.
	grep '"call": *"close".*' <<<"$output" | grep '"thread": *12' |
	    grep '"process": *10[,}]'
}

# Two makers, and one of them has the socket that the task begins with.
@test "nc-parse: a new task is that of the maker which has its socket" {
	cat >t.trace <<-'END'
		10 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD) = 20
		20 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
		10 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD <unfinished ...>
		20 clone(child_stack=0x7f00, flags=CLONE_VM|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD <unfinished ...>
		21 write(3, "abc", 3) = 3
		10 <... clone resumed>) = 11
		20 <... clone resumed>) = 21
	END
	run -0 --separate-stderr bash -c 'nc-parse t.trace | nc-report -f jsonl'
	[ -z "$stderr" ]
	grep '"call": *"write"' <<<"$output" | grep '"process": *20[,}]' |
	    grep '"socket": *1[,}]'
}

# What a call in progress is of shows when its maker's call returns.
@test "nc-parse: a task that finds its maker in mid call uses its own socket" {
	cat >t.trace <<-'END'
		10 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD) = 20
		10 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
		20 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
		10 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD <unfinished ...>
		20 clone(child_stack=0x7f00, flags=CLONE_VM|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD <unfinished ...>
		21 read(3,  <unfinished ...>
		20 <... clone resumed>) = 21
		21 <... read resumed>"abc", 9) = 3
		10 <... clone resumed>) = 11
	END
	run -0 --separate-stderr bash -c 'nc-parse t.trace | nc-report -f jsonl'
	[ -z "$stderr" ]
	grep '"record": *"call"' <<<"$output" | grep '"call": *"read"' |
	    grep '"socket": *2[,}]'
}

# A table that was parted twice: who only inherited has no more right to it.
@test "nc-parse: what is in doubt stays so where it is parted again" {
	cat >t.trace <<-'END'
		7 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
		7 listen(3, 9) = 0
		7 accept(3, {sa_family=AF_INET, sin_port=htons(40001), sin_addr=inet_addr("10.0.0.1")}, [16]) = 5
		8 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
		9 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
		7 close(5) = 0
		9 write(3, "a", 1) = 1
	END
	run -0 --separate-stderr bash -c 'nc-parse t.trace | nc-report -f jsonl'
	grep '"call": *"leave"' <<<"$output" | grep '"socket": *2[,}]'
}

# Two processes make threads at once; the calls return in the other order.
@test "nc-parse: a thread goes to its process when its maker's call returns" {
	cat >t.trace <<-'END'
		10 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD) = 20
		10 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
		20 socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP) = 3
		10 clone(child_stack=0x7f00, flags=CLONE_VM|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD <unfinished ...>
		20 clone(child_stack=0x7f00, flags=CLONE_VM|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD <unfinished ...>
		21 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 4
		11 getpid() = 10
		20 <... clone resumed>) = 21
		10 <... clone resumed>) = 11
		11 shutdown(3, SHUT_WR) = 0
		20 listen(4, 5) = 0
		21 recv(3, "a", 9, 0) = 1
		10 execve("/bin/true", ["true"], 0x7ffd <unfinished ...>
		10 <... execve resumed>) = 0
		21 recv(3, "b", 9, 0) = 1
	END
	run -0 --separate-stderr nc-parse t.trace
	[ -z "$stderr" ]
	nc-parse t.trace | nc-report -f jsonl >t.jsonl
	# What it has made itself is its process's, too.
	run -0 jq -r 'select(.call == "listen" or .call == "shutdown" or
	    .call == "recv") | "\(.thread) \(.process) \(.socket)"' t.jsonl
	[ "$output" = "11 10 1
20 20 3
21 20 2
21 20 2" ]
}

@test "nc-parse: who begins with another program is no thread" {
	cat >t.trace <<-'END'
		10 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
		10 clone(child_stack=0x7f00, flags=CLONE_VM|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD <unfinished ...>
		5 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD <unfinished ...>
		6 execve("/bin/true", ["true"], 0x7ffd) = 0
		10 <... clone resumed>) = 11
		5 <... clone resumed>) = 6
		11 listen(3, 5) = 0
		10 recv(3, "a", 9, 0) = 1
	END
	run -0 --separate-stderr bash -c 'nc-parse t.trace | nc-report -f jsonl'
	[ -z "$stderr" ]
	run -0 jq -r 'select(.call == "listen" or .call == "execve") |
	    "\(.thread) \(.process) \(.socket)"' <<<"$output"
	[ "$output" = "6 6 null
11 10 1" ]
	# Nor if what was made there has been taken for the thread before.
	sed -i '/^10 clone/{h;d};/^5 clone/G' t.trace
	sed -i '/^6 execve/i 11 getpid() = 10' t.trace
	run -0 --separate-stderr bash -c 'nc-parse t.trace | nc-report -f jsonl'
	[ -z "$stderr" ]
	run -0 jq -r 'select(.call == "listen" or .call == "execve") |
	    "\(.thread) \(.process) \(.socket)"' <<<"$output"
	[ "$output" = "6 6 null
11 10 1" ]
}

@test "nc-parse: the child of a vfork is told from that of an older fork" {
	cat >t.trace <<-'END'
		10 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD) = 20
		10 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
		20 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
		10 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD <unfinished ...>
		20 vfork( <unfinished ...>
		21 execve("/bin/true", ["true"], 0x7ffd) = 0
		20 <... vfork resumed>) = 21
		11 listen(3, 5) = 0
		10 <... clone resumed>) = 11
		21 recv(3, "a", 9, 0) = 1
	END
	nc-parse t.trace | nc-report -f jsonl >t.jsonl
	run -0 jq -r 'select(.call == "listen" or .call == "recv") |
	    "\(.thread) \(.socket)"' t.jsonl
	[ "$output" = "11 1
21 2" ]
}

@test "nc-parse: a number that is free for a file is of another process" {
	# strace -e trace=%net,%desc: who made task 11 does not show. It opens
	# a file where 10 has a socket, so what it does to 4 is not 10's.
	cat >t.trace <<-'END'
		10 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
		10 listen(3, 5) = 0
		11 openat(AT_FDCWD, "/etc/ld.so.cache", O_RDONLY|O_CLOEXEC) = 3
		11 close(3) = 0
		11 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
		11 listen(3, 5) = 0
		10 accept(3, NULL, NULL) = 4
		11 close(3) = 0
		10 accept(3, NULL, NULL) = 5
	END
	nc-parse t.trace | nc-report -f jsonl >t.jsonl
	# What the second one closes is its own: the first one goes on accepting.
	run -0 jq -r 'select(.call == "accept") | .socket' t.jsonl
	[ "$output" = $'1\n1' ]
	run -0 jq -r 'select(.call == "close" and .thread == 11) | .socket' \
	    t.jsonl
	[ "$output" = 2 ]
	run -0 jq -r 'select(.call == "release" and .socket == 1) | .cause' \
	    t.jsonl
	[ "$output" = "" ]
}

@test "nc-parse: who closes a listener of before its time closes its copy" {
	# strace -e trace=%net,%desc of a server that forks twice.
	cat >t.trace <<-'END'
		10 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
		10 listen(3, 5) = 0
		10 accept(3, NULL, NULL) = 4
		10 close(4) = 0
		11 +++ exited with 0 +++
		10 poll([{fd=3, events=POLLIN}], 1, -1 <unfinished ...>
		12 close(3) = 0
		12 recv(4, "a", 9, 0) = 1
		12 +++ exited with 0 +++
		10 <... poll resumed>) = 1 ([{fd=3, revents=POLLIN}])
		10 accept(3, NULL, NULL) = 4
	END
	nc-parse t.trace | nc-report -f jsonl >t.jsonl
	run -0 jq -r 'select(.call == "accept") | .socket' t.jsonl
	[ "$output" = $'1\n1' ]
	run -0 jq -r 'select(.call == "release" and .socket == 1) | .cause' \
	    t.jsonl
	[ "$output" = "" ]
}

@test "nc-parse: a list of poll that was cut short may name any socket" {
	# strace -s 0
	cat >t.trace <<-'END'
		poll([...], 1, 0) = 1 ([...])
		socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
		poll([...], 1, 0) = 1 ([...])
		poll([{fd=3, events=POLLIN}, ...], 2, 0) = 1 ([...])
		poll([{fd=3, events=POLLIN}, ...], 2, 9) = 0 (Timeout)
		poll([{fd=3, events=POLLIN}], 1, 0) = 1 ([{fd=3, revents=POLLIN}])
	END
	nc-parse t.trace | nc-report -f jsonl >t.jsonl
	run -0 jq -r 'select(.call == "poll") | "\(.line) \(.marks)"' t.jsonl
	printf '%s\n' "$output"
	[ "$output" = $'3 1048576\n4 1048576\n5 null\n6 null' ]
}

@test "nc-parse: what a process may not have at all is left by its last user" {
	# strace -p 10 -p 11: that 11 is none of 10's children no call shows.
	cat >t.trace <<-'END'
		10 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
		10 listen(3, 5) = 0
		10 accept(3, NULL, NULL) = 4
		11 futex(0x7f, FUTEX_WAIT, 2, NULL) = 0
		11 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
		11 connect(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}, 16) = 0
		10 close(4) = 0
		11 recv(3, "", 9, 0) = 0
	END
	nc-parse t.trace | nc-report -f jsonl >t.jsonl
	run -0 jq -r 'select(.call == "leave") | "\(.thread) \(.socket)"' t.jsonl
	[ "$output" = "10 2" ]
}

@test "nc-parse: -e raw=clone shows the flags of a clone as a number" {
	# A process: what its parent's descriptors stand for is not its own.
	cat >t.trace <<-'END'
		10 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
		10 clone(0x1200011, 0, 0, 0x7f10, 0) = 0xb
		11 close(3) = 0
		10 connect(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("10.0.0.1")}, 16) = 0
	END
	run -0 --separate-stderr bash -c 'nc-parse t.trace | nc-report -f jsonl'
	[ -z "$stderr" ]
	grep '"call": *"connect"' <<<"$output" | grep '"socket": *1[,}]'
	grep '"call": *"close"' <<<"$output" | grep '"process": *11[,}]'
	# A thread: it has all that another opens.
	cat >t.trace <<-'END'
		10 clone(0x3d0f00, 0x7f20, 0x7f30, 0x7f40, 0x7f50) = 0xb
		10 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
		11 connect(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("10.0.0.1")}, 16) = 0
	END
	run -0 --separate-stderr bash -c 'nc-parse t.trace | nc-report -f jsonl'
	[ -z "$stderr" ]
	grep '"call": *"connect"' <<<"$output" | grep '"socket": *1[,}]' |
	    grep '"process": *10[,}]'
}

@test "nc-parse: a clone3 that is not decoded makes a thread, until it runs a program" {
	# It has what another opens, and its close is everyone's.
	cat >t.trace <<-'END'
		10 clone3(0x7ffd00001000, 0x58) = 0xb
		10 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
		11 connect(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("10.0.0.1")}, 16) = 0
		11 close(3) = 0
	END
	run -0 --separate-stderr bash -c 'nc-parse t.trace | nc-report -f jsonl'
	[ -z "$stderr" ]
	grep '"call": *"connect"' <<<"$output" | grep '"socket": *1[,}]' |
	    grep '"process": *10[,}]'
	grep '"call": *"release"' <<<"$output" | grep '"cause": *"close"'
	# One that runs a program under its own number is a process: neither that
	# nor its end closes what its parent has.
	cat >t.trace <<-'END'
		10 socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_TCP) = 3
		10 clone3(0x7ffd00001000, 0x58 <unfinished ...>
		11 execve("/bin/true", ["true"], 0x7ffd <unfinished ...>
		10 <... clone3 resumed>) = 0xb
		11 <... execve resumed>) = 0
		11 exit_group(0) = ?
		11 +++ exited with 0 +++
		10 connect(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("10.0.0.1")}, 16) = 0
		10 clone3(0x7ffd00001000, 0x58) = 0xc
		12 execve("/bin/true", ["true"], 0x7ffd) = 0
		12 exit_group(0) = ?
		12 +++ exited with 0 +++
		10 sendto(3, "x", 1, 0, NULL, 0) = 1
	END
	run -0 --separate-stderr bash -c 'nc-parse t.trace | nc-report -f jsonl'
	[ -z "$stderr" ]
	[[ $output != *'"release"'* && $output != *'"attach"'* ]]
	grep '"call": *"sendto"' <<<"$output" | grep '"socket": *1[,}]'
	grep '"call": *"execve"' <<<"$output" | grep '"process": *12[,}]'
	grep '"record": *"end"' <<<"$output" | grep '"processes": *3[,}]'
}

@test "nc-parse: sockets of a trace of network calls alone are marked" {
	local first
	for first in "" 'read(3, "", 1) = 0' 'close(3) = 0' "getpid() = 9"; do
		cat >t.trace <<-END
			10 ${first:-getsockname(9, NULL, NULL) = -1 EBADF (Bad file)}
			10 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
			10 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
			10 recvfrom(4, "a", 1, 0, NULL, NULL) = 1
			10 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 5
		END
		run -0 bash -c "nc-parse -q t.trace | nc-report -f jsonl |
		    jq -c 'select(.call == (\"socket\", \"attach\")) | .marks'"
		if [ -z "$first" ]; then
			[ "${lines[0]}" = null ]
			[ "${lines[2]}" = $((1024 + 262144)) ]
			[ "${lines[3]}" = 262144 ]
		else
			[ "$output" = $'null\nnull\n1024\nnull' ]
		fi
	done
}

@test "nc-parse: a program that crashed is told from one that was stopped" {
	local signal marks
	for signal in "SIGSEGV (core dumped)" SIGABRT SIGTERM SIGKILL; do
		cat >t.trace <<-END
			10 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
			10 +++ killed by $signal +++
		END
		run -0 bash -c "nc-parse -q t.trace | nc-report -f jsonl |
		    jq -c 'select(.call == \"release\") | .marks'"
		marks=256
		[[ $signal == SIG[TK]* ]] || marks=$((256 + 131072))
		[ "$output" = "$marks" ]
	done
}
