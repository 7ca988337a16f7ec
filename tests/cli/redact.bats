#!/usr/bin/env bats
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# nc-parse --redact: keys, places, and what the stream says.

load ../lib/helper

setup()
{
	cd "$BATS_TEST_TMPDIR" || exit
	printf 'a key of the tests, not a secret' >key
}

tcp='7 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3'
udp='7 socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP) = 3'

# places EXPECTED <trace: the places that payload got, in order
places()
{
	local got

	cat >in.trace
	got=$(python3 "$ROOT/tests/lib/places.py" in.trace)
	diff -u <(printf '%s\n' "$1") <(printf '%s\n' "$got")
}

# fields TRACE FIELD...: of the records that have one of them
fields()
{
	nc-parse -q --redact=key "$1" | nc-report -f jsonl | python3 -c '
import json, sys
for line in sys.stdin:
    r = json.loads(line)
    out = [str(r[f]) for f in sys.argv[1:] if r.get(f) is not None]
    if out:
        print(r["record"], *out)' "${@:2}"
}

@test "redact: a key that cannot be read, or is too short or long, is refused" {
	echo "$tcp" >a.trace
	: >empty
	printf '123456789012345' >short
	head -c 1048577 /dev/zero >long
	for bad in "none:No such file" ".:Is a directory" \
	    "empty:a key has at least 16 bytes" \
	    "short:a key has at least 16 bytes" \
	    "long:a key has at most 1 MiB"; do
		run -2 --separate-stderr nc-parse --redact="${bad%%:*}" a.trace
		[[ $stderr == "nc-parse: ${bad%%:*}: ${bad#*:}"* ]]
		[ -z "$output" ]
	done
	run -2 --separate-stderr nc-parse --redact
	[[ $stderr == *"usage:"* ]]
	head -c 1048576 /dev/zero >largest
	printf '1234567890123456' >least
	for good in largest least key; do
		nc-parse --redact="$good" a.trace >out.nc
	done
	nc-parse --redact=<(cat key) a.trace | diff - <(nc-parse --redact=key a.trace)
}

@test "redact: the stream says so, and of which key" {
	echo "$tcp" >a.trace
	run -0 fields a.trace redacted hidden
	[[ ${lines[0]} =~ ^host\ [0-9a-f]{16}$ ]]
	[[ ${lines[1]} == "end ['payload redacted'"* ]]
	printf 'another key, not a secret either' >other
	[ "$(nc-parse --redact=other a.trace | nc-report -f jsonl |
	    grep -o '"redacted": "[0-9a-f]*"')" != \
	    "\"redacted\": \"${lines[0]#host }\"" ]
	[[ $(nc-parse --redact=key a.trace | nc-report --part ledger) == \
	    *"not shown by this trace: payload redacted"* ]]
}

@test "redact: pieces have the places of the stream, on both ways apart" {
	places "write 5 0+5
write 6 5+6
read 3 0+3
write 2 11+2
recvfrom 8 3+8" <<X
$tcp
7 write(3, "hello", 5) = 5
7 write(3, " world", 6) = 6
7 read(3, "abc", 100) = 3
7 write(3, "!!", 2) = 2
7 recvfrom(3, "defghijk", 8, 0, NULL, NULL) = 8
X
}

@test "redact: what was not moved has no place: failures, parts, peeks" {
	places "write EAGAIN 0+5
write 5 -
write 2 0+5
write 3 2+3
write EPIPE 5+1
recvfrom 4 0+4
recvfrom 4 0+4
recvfrom EAGAIN -
read 2 4+2
write 1 5+1" <<X
$tcp
7 write(3, "hello", 5) = -1 EAGAIN (Resource temporarily unavailable)
7 write(3, "hello", 5) = 5 (INJECTED)
7 write(3, "hello", 5) = 2
7 write(3, "llo", 3) = 3
7 write(3, "x", 1) = -1 EPIPE (Broken pipe)
7 recvfrom(3, "abcd", 9, MSG_PEEK, NULL, NULL) = 4
7 recvfrom(3, "abcd", 9, 0, NULL, NULL) = 4
7 recvfrom(3, 0x7ffc, 9, 0, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)
7 read(3, "ef", 9) = 2
7 write(3, "x", 1) = 1
X
}

@test "redact: bytes that are not shown have places" {
	places "write 10 0+3
sendfile 7 -
write 1 17+1
recvfrom 6 -
read 2 6+2
splice 5 -
read 1 13+1
writev 8 18+2 22+2
write 1 26+1
recvfrom 1 -
read 1 14+1" <<X
$tcp
7 pipe2([8, 9], 0) = 0
7 write(3, "abc"..., 10) = 10
7 sendfile(3, 5, NULL, 100) = 7
7 write(3, "x", 1) = 1
7 recvfrom(3, NULL, 6, MSG_TRUNC, NULL, NULL) = 6
7 read(3, "ab", 9) = 2
7 splice(3, NULL, 9, NULL, 5, 0) = 5
7 read(3, "x", 1) = 1
7 writev(3, [{iov_base="ab"..., iov_len=4}, {iov_base="cd"..., iov_len=4}], 2) = 8
7 write(3, "x", 1) = 1
7 recvfrom(3, "!", 1, MSG_OOB, NULL, NULL) = 1
7 read(3, "x", 1) = 1
X
}

@test "redact: the messages of a vector, with and without a stream" {
	places "sendmmsg 2 0+2
sendmmsg 3 2+3
write 1 5+1" <<X
$tcp
7 sendmmsg(3, [{msg_hdr={msg_name=NULL, msg_iov=[{iov_base="ab", iov_len=2}], msg_iovlen=1}, msg_len=2}, {msg_hdr={msg_name=NULL, msg_iov=[{iov_base="cde", iov_len=3}], msg_iovlen=1}, msg_len=3}], 2, 0) = 2
7 write(3, "x", 1) = 1
X
	places "sendto 4 0+4
sendto 4 0+4
recvfrom 4 0+4
recvmmsg 2 0+2
recvmmsg 3 0+3
recvmsg 4 0+4" <<X
$udp
7 sendto(3, "ping", 4, 0, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("10.0.0.1")}, 16) = 4
7 sendto(3, "ping", 4, 0, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("10.0.0.1")}, 16) = 4
7 recvfrom(3, "pong", 9, 0, NULL, NULL) = 4
7 recvmmsg(3, [{msg_hdr={msg_name=NULL, msg_iov=[{iov_base="ab", iov_len=9}], msg_iovlen=1}, msg_len=2}, {msg_hdr={msg_name=NULL, msg_iov=[{iov_base="cde", iov_len=9}], msg_iovlen=1}, msg_len=3}], 2, 0, NULL) = 2
7 recvmsg(3, {msg_name=NULL, msg_iov=[{iov_base="ab", iov_len=2}, {iov_base="cd", iov_len=2}], msg_iovlen=2}, 0) = 4
X
}

@test "redact: duplicates and children go on in the same stream" {
	places "write 2 0+2
write 2 2+2
write 2 4+2" <<X
$tcp
7 dup(3) = 4
7 write(3, "ab", 2) = 2
7 write(4, "cd", 2) = 2
7 fork() = 8
8 write(4, "ef", 2) = 2
X
}

@test "redact: the begin of a call shows the same bytes as the call" {
	places "begin write ? 0+5
write 5 0+5
begin write ? 5+5
write 3 5+5
write 2 8+2" <<X
$tcp
7 write(3, "hello", 5 <unfinished ...>
8 $udp
7 <... write resumed>) = 5
7 write(3, "world", 5 <unfinished ...>
8 $udp
7 <... write resumed>) = 3
7 write(3, "ld", 2) = 2
X
}

@test "redact: calls that overlap show nothing, and places go on after them" {
	places "begin write ? -
write 3 -
write 5 -
read 1 0+1
write 1 8+1" <<X
$tcp
7 fork() = 8
7 write(3, "hello", 5 <unfinished ...>
8 write(3, "abc", 3 <unfinished ...>
8 <... write resumed>) = 3
7 <... write resumed>) = 5
7 read(3, "x", 1) = 1
7 write(3, "x", 1) = 1
X
}

@test "redact: after a send without an end nothing is shown" {
	places "write 2 0+2
write ? 2+3
write 2 -
read 1 0+1" <<X
$tcp
7 fork() = 8
7 write(3, "ab", 2) = 2
7 write(3, "cde", 3 <unfinished ...>
7 +++ killed by SIGKILL +++
8 write(3, "fg", 2) = 2
8 read(3, "x", 1) = 1
X
	# One that a signal interrupted has sent nothing.
	places "write ERESTARTSYS 0+2
write 2 0+2
write 1 2+1" <<X
$tcp
7 write(3, "ab", 2) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)
7 write(3, "ab", 2) = 2
7 write(3, "x", 1) = 1
X
}

@test "redact: payload of what is no socket is not shown either" {
	cat >a.trace <<X
$tcp
7 close(3) = 0
7 write(3, "a secret of mine", 16) = -1 EBADF (Bad file descriptor)
7 write(3, "a secret of mi
7 sendto(3, "a secret\\q of mine", 16, 0, NULL, 0) = 16
X
	nc-parse --redact=key a.trace >a.nc 2>messages || :
	run ! grep -q "secret" a.nc messages
	[ -s messages ]
}

@test "redact: framing is kept beside the bytes" {
	cat >a.trace <<X
$tcp
7 write(3, "GET /secret HTTP/1.1\\r\\nHost: a.example\\r\\nCookie: secret\\r\\n\\r\\n", 57) = 57
7 read(3, "HTTP/1.1 404 Secret\\r\\n\\r\\n", 100) = 23
X
	run -0 fields a.trace call clear
	[ "${lines[1]}" = "call write [0, 'GET ', 11, ' HTTP/1.1\\r\\nHost: a.example\\r\\n', 55, '\\r\\n']" ]
	[ "${lines[2]}" = "call read [0, 'HTTP/1.1 404', 21, '\\r\\n']" ]
	nc-parse --redact=key a.trace | nc-report -f jsonl >a.jsonl
	run ! grep -i secret a.jsonl
	# A send that comes again in parts is framed like one that does not.
	cat >b.trace <<X
$tcp
7 write(3, "GET /secret HTTP/1.1\\r\\n\\r\\n", 24) = -1 EAGAIN (Resource temporarily unavailable)
7 write(3, "GET /secret HTTP/1.1\\r\\n\\r\\n", 24) = 11
7 write(3, " HTTP/1.1\\r\\n\\r\\n", 13) = 13
X
	run -0 fields b.trace clear
	[ "${lines[0]}" = "call [0, 'GET ', 11, ' HTTP/1.1\\r\\n\\r\\n']" ]
	[ "${lines[0]}" = "${lines[1]}" ]
	[ "${lines[2]}" = "call [0, ' HTTP/1.1\\r\\n\\r\\n']" ]
}

@test "redact: payload that a dump completes is redacted as a whole" {
	cat >dump.trace <<X
$tcp
7 fork() = 8
7 write(3, "GET "..., 26) = 26
 | 00000  47 45 54 20 2f 73 65 63  72 65 74 20 48 54 54 50  GET /secret HTTP |
 | 00010  2f 31 2e 31 0d 0a 61 3a  62 0d                    /1.1..a:b.       |
7 write(3, "\n"..., 3) = 3
 | 00000  0a 0d 0a                                          ...              |
7 write(3, ""..., 2) = 2
 | 00000  68 69                                             hi               |
7 write(3, "abc"..., 5 <unfinished ...>
8 write(3, ""..., 6) = 6
 | 00000  73 65 63 72 65 74                                 secret           |
7 <... write resumed>) = 5
 | 00000  73 65 63 72 65                                    secre            |
7 write(3, "x", 1) = 1
X
	places "write 26 0+26
write 3 26+3
write 2 29+2
begin write ? -
write 6 -
write 5 -
write 1 42+1" <dump.trace
	run -0 fields dump.trace clear
	[ "${lines[0]}" = "call [0, 'GET ', 11, ' HTTP/1.1\r\n']" ]
	[ "${lines[1]}" = "call [1, '\r\n']" ]
}

@test "redact: no payload is left of what tracers of all versions wrote" {
	find "$ROOT/tests/data/dialects" -type f -name '*.txt' -print0 |
	    xargs -0 python3 "$ROOT/tests/lib/redaction.py" key >out
	cat out
	[[ $(tail -n 1 out) =~ ^([0-9]+)" files, 0 wrong"$ ]]
	[ "${BASH_REMATCH[1]}" -gt 100 ]
}

@test "redact: without the option nothing changes" {
	head -n 400 "$ROOT/tests/cases/tls13-nginx-curl/client.trace" >a.trace
	nc-parse -q a.trace | nc-report -f jsonl >plain
	run ! grep -e '"clear"' -e '"redacted"' plain
}

# session TYPE OPTION...: the ids found where a client closes with a record of
# that type unread, the last one of a TLS session
session()
{
	local yy4='{sa_family=AF_INET, sin_port=htons(40000), sin_addr=inet_addr("10.0.0.2")}'
	local to='{sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("10.0.0.1")}'

	cat >server.trace <<X
$tcp
7 bind(3, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("10.0.0.1")}, 16) = 0
7 listen(3, 9) = 0
7 accept(3, $yy4, [16]) = 4
7 read(4, "\\26\\3\\1\\0\\2\\1\\0", 99) = 7
7 write(4, "\\26\\3\\3\\0\\2\\2\\0", 7) = 7
7 write(4, "$1\\3\\3\\0\\2", 5) = 5
7 write(4, "\\1\\0", 2) = 2
7 read(4, 0x5555, 99) = -1 ECONNRESET (Connection reset by peer)
7 close(4) = 0
7 close(3) = 0
7 +++ exited with 0 +++
X
	cat >client.trace <<X
$tcp
7 connect(3, $to, 16) = 0
7 getsockname(3, $yy4, [16]) = 0
7 write(3, "\\26\\3\\1\\0\\2\\1\\0", 7) = 7
7 read(3, "\\26\\3\\3\\0\\2\\2\\0", 7) = 7
7 close(3) = 0
7 +++ exited with 0 +++
X
	shift
	nc-parse -q "$@" server.trace client.trace | nc-order | nc-model |
	    nc-diagnose | nc-report -f jsonl | python3 -c '
import json, sys
for r in map(json.loads, sys.stdin):
    if r["record"] == "finding" and r["id"] != "incomplete-trace":
        print(r["severity"], r["id"])
    if r["record"] == "connection":
        print("tls", r["facts"]["tls"])'
}

@test "redact: the end of a TLS session is known by its record headers" {
	run session '\25' # an alert
	[ "$output" = "$(session '\25' --redact=key)" ]
	[[ $output == "tls 1"* ]]
	alert=$output
	run session '\26' # a handshake that goes on
	[ "$output" = "$(session '\26' --redact=key)" ]
	[[ $output == "tls 1"* ]]
	echo "$alert / $output"
	[ "$alert" != "$output" ]
}
