#!/usr/bin/env bats
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# nc-parse: what it reads from: compressed files, pipes, long lines; progress.

load ../lib/helper

setup()
{
	cd "$BATS_TEST_TMPDIR" || exit
	live=$ROOT/tests/lib/live.py
	tcp='socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3'
}

# A trace of so many sends.
trace()
{
	echo "7 $tcp"
	yes '7 sendto(3, "abcdefgh", 8, 0, NULL, 0) = 8' | head -n "$1"
	echo '7 close(3) = 0'
}

# ledger FILE FIELD: of the records in a file
ledger()
{
	nc-report -f jsonl "$1" | python3 -c '
import json, sys
for line in sys.stdin:
    r = json.loads(line)
    if r["record"] == "end":
        print(r[sys.argv[1]])' "$2"
}

# In one of the formats.
compress()
{
	case $1 in
	gz) gzip -c ;;
	xz) python3 -c 'import lzma, sys
sys.stdout.buffer.write(lzma.compress(sys.stdin.buffer.read()))' ;;
	zst) zstd -qc ;;
	esac
}

@test "input: compressed traces are told by their content" {
	trace 20000 >a
	nc-parse - <a >plain.nc
	for f in gz xz zst; do
		compress $f <a >b
		[ "$(stat -c %s b)" -lt 100000 ]
		nc-parse - <b >b.nc
		cmp plain.nc b.nc
		# The same from a pipe, in small pieces.
		dd if=b bs=7 status=none | nc-parse - | cmp plain.nc -
	done
	mkfifo pipe
	gzip -c a >pipe &
	nc-parse - <pipe | cmp plain.nc -
	wait
}

@test "input: members of any format may follow one another" {
	trace 1000 >a
	{
		head -n 100 a | gzip -c
		head -c 512 /dev/zero
		sed -n 101,300p a | compress xz
		sed -n 301,700p a | compress zst
		sed -n '701,$p' a | gzip -c
		head -c 100 /dev/zero
	} >b
	nc-parse - <a >a.nc
	run -0 --separate-stderr nc-parse - <b
	[ -z "$stderr" ]
	nc-parse - <b | cmp a.nc -
}

@test "input: compressed traces in a hosts file, and the names of hosts" {
	trace 3 | gzip -c >server.trace.gz
	trace 3 | compress xz >client.xz
	printf 'host,trace\ns,server.trace.gz\nc,client.xz\n' >hosts.csv
	run -0 nc-parse hosts.csv
	run -0 --separate-stderr sh -c \
	    'nc-parse server.trace.gz client.xz | nc-report -f jsonl'
	[[ $output == *'"host": "server", "trace": 0, "file": "server.trace.gz"'* ]]
	[[ $output == *'"host": "client", "trace": 0, "file": "client.xz"'* ]]
}

@test "input: a cut or damaged file gives what was read, and status 2" {
	trace 20000 >a
	for f in gz xz zst; do
		compress $f <a >whole.$f
		size=$(stat -c %s whole.$f)
		head -c $((size - 4)) whole.$f >cut.$f
		run -2 --separate-stderr sh -c "nc-parse cut.$f >cut.nc"
		[ "${#stderr_lines[@]}" -eq 1 ]
		[[ $stderr == "nc-parse: cut.$f: "*" data ends early" ]]
		[ "$(nc-report -f jsonl cut.nc | grep -c '"sendto"')" -gt 15000 ]
		{ cat whole.$f && echo more; } >more.$f
		run -2 --separate-stderr sh -c "nc-parse more.$f >more.nc"
		[[ $stderr == *": something else follows the compressed data" ]]
		[ "$(nc-report -f jsonl more.nc | grep -c '"sendto"')" -eq 20000 ]
	done
	python3 - <<-END
	data = bytearray(open("whole.gz", "rb").read())
	data[len(data) // 2] ^= 0xff
	open("bad.gz", "wb").write(data)
	END
	run -2 --separate-stderr sh -c "nc-parse bad.gz >bad.nc"
	[[ $stderr == *"nc-parse: bad.gz: damaged gzip data"* ]]
	run -2 nc-report -f jsonl bad.nc
	printf '\x28\xb5\x2f\xfd\0\xa8\1\0\0' >greedy
	run -2 --separate-stderr nc-parse greedy
	[[ $stderr == "nc-parse: greedy: zstd data that takes more than"* ]]
}

@test "input: one unreadable trace does not take the others' records" {
	trace 20000 | gzip -c | head -c 1000 >a.trace.gz
	trace 5 >b.trace
	run -2 --separate-stderr sh -c \
	    'nc-parse a.trace.gz b.trace | nc-report -f jsonl'
	[ "$(grep -c '"host": "b".*"call": "sendto"' <<<"$output")" -eq 5 ]
}

@test "input: a line of 2 MB is read, one of 17 MB is rejected" {
	python3 - <<-END
	def send(n):
	    return '7 sendto(3, "%s", %d, 0, NULL, 0) = %d\n' % ("a" * n, n, n)
	with open("a.trace", "w") as f:
	    f.write("7 $tcp\n" + send(2000000) + send(17000000) + send(5))
	END
	run -0 --separate-stderr sh -c "nc-parse a.trace >a.nc"
	[ "$stderr" = "nc-parse: a.trace:3: line is longer than 16 MB" ]
	[ "$(ledger a.nc lines)" -eq 4 ]
	[ "$(ledger a.nc rejected)" -eq 1 ]
	[ "$(ledger a.nc bytes)" -eq "$(stat -c %s a.trace)" ]
	run -0 sh -c "nc-report -f jsonl a.nc | grep sendto | cut -c 1-80"
	[ "${#lines[@]}" -eq 2 ]
	run -2 nc-parse -q --strict a.trace
}

@test "input: halves that make a call longer than a line may be are given up" {
	python3 - <<-END
	a = "a" * 9000000
	with open("a.trace", "w") as f:
	    f.write('7 $tcp\n7 sendto(3, "%s <unfinished ...>\n'
	            '7 <... sendto resumed>%s", 9, 0, NULL, 0) = 9\n'
	            '7 close(3) = 0\n' % (a, a))
	    f.write('7 read(4, "%sProcess 8 attached\n' % a * 2)
	    f.write('7 $tcp\n')
	END
	run -0 --separate-stderr sh -c "nc-parse a.trace >a.nc"
	[[ $stderr == *"a.trace:3: call is longer than 16 MB"* ]]
	[[ $stderr == *"a.trace:6: line is longer than 16 MB"* ]]
	[ "$(nc-report -f jsonl a.nc | grep -c '"call": "socket"')" -eq 2 ]
}

@test "input: memory stays below 32 MB, whatever the trace or its lines" {
	[ -z "${ASAN_OPTIONS:-}" ] || skip "sanitizers take memory of their own"
	python3 - <<-END
	n = 15000000
	data = "a" * n
	head = "7 $tcp\n"
	send = '7 sendto(3, "%s", %d, 0, NULL, 0' % (data, n)
	with open("whole", "w") as f:
	    f.write(head + send + ") = %d\n" % n)
	with open("send", "w") as f:
	    f.write(head + send + " <unfinished ...>\n8 $tcp\n"
	            "7 <... sendto resumed>) = %d\n" % n)
	with open("receive", "w") as f:
	    f.write(head + "7 recvfrom(3,  <unfinished ...>\n8 $tcp\n"
	            '7 <... recvfrom resumed>"%s", %d, 0, NULL, NULL) = %d\n' %
	            (data, n, n))
	with open("longer", "w") as f:
	    f.write(head + send * 4 + "\n")
	END
	# What one took is there for the next.
	cat receive send whole receive send >mixed
	head -c 60000000 /dev/zero | tr '\0' a | gzip -1 >bomb
	trace 1000000 >many
	run -0 "$live" peak many bomb longer whole receive send mixed
	echo "$output"
	while read -r _ peak; do
		[ "$peak" -lt 32 ]
	done <<<"$output"
}

@test "input: records of a pipe that pauses are out before it goes on" {
	run -0 "$live" soon
	[ "${lines[0]}" = "paused: True" ]
	[ "${lines[1]}" = "again: True" ]
	[ "${lines[2]}" = "status: 0" ]
}

@test "input: the first record is out before 1 MB has been read" {
	run -0 --separate-stderr "$live" early
	[ "${lines[0]}" = "before 1 MB: True" ]
	[ "${lines[1]}" = "status: 0" ]
}

@test "input: several FIFOs are read at the same time" {
	run -0 "$live" fifos
	[ "${lines[0]}" = "status: 0 records: 20000" ]
}

@test "input: progress on a terminal, one line, gone before a message" {
	run -0 "$live" progress
	[[ ${lines[0]} == *"terminal: b'\r\x1b[Knc-parse: 0."*" MB/s\r\x1b[K"* ]]
	[[ ${lines[0]} == *"MB/s\r\x1b[Knc-parse: -:21002: not a line of a trace\r\n"* ]]
	[[ ${lines[0]} == *" MB/s\r\x1b[K'" ]]
	[ "${lines[1]}" = "file: b'nc-parse: -:21002: not a line of a trace\n'" ]
}

@test "input: --progress writes lines to a file, -q none" {
	run -0 "$live" progress --progress
	[[ ${lines[1]} == "file: b'nc-parse: 0."*" MB/s\n"*"nc-parse: -:21002: "* ]]
	run -0 "$live" progress -q --progress
	[ "${lines[0]}" = "terminal: b''" ]
	[ "${lines[1]}" = "file: b''" ]
	run -0 "$live" progress --no-progress
	[[ ${lines[0]} != *"MB/s"* ]]
}
