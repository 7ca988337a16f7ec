#!/usr/bin/env bats
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# nc-order: options, inputs, memory, and the laws of its order.

load ../lib/helper

setup()
{
	cd "$BATS_TEST_TMPDIR" || return 1
	cases=$ROOT/tests/cases
}

# parsed CASE: its records in in.nc
parsed()
{
	nc-parse -q "$cases/$1/hosts.csv" >in.nc
}

@test "nc-order: a size that is none is refused" {
	for size in x -1 1T 99999999999 ""; do
		run -2 --separate-stderr nc-order -m "$size" /dev/null
		[[ $stderr == "nc-order: -m $size: not a size" ]]
	done
}

@test "nc-order: an unknown option shows the usage" {
	run -2 --separate-stderr nc-order -Z
	[[ $stderr == *"usage: nc-order "* ]]
}

@test "nc-order: the limit of memory does not change a byte" {
	parsed python-http-20-threads
	nc-order -m 1G in.nc >much.nc
	for size in 0 1 40K 1M; do
		nc-order -m "$size" in.nc >little.nc
		cmp much.nc little.nc
	done
}

@test "nc-order: no place for its temporary file is an error if it needs one" {
	# One host's records stand before the other's: they must be kept.
	for h in server client; do
		{
			echo host,trace
			echo "$h,$cases/asyncio-echo-30-connections/$h.trace"
		} >$h.csv
		nc-parse -q $h.csv >$h.nc
	done
	cat server.nc client.nc >in.nc
	run -2 --separate-stderr bash -c \
	    'TMPDIR=/nonexistent nc-order -m 0 in.nc >few.nc'
	[[ $stderr == *"temporary file: "* ]]
	TMPDIR=/nonexistent nc-order -m 1G in.nc >many.nc
	nc-order -m 0 in.nc >kept.nc
	cmp many.nc kept.nc
}

@test "nc-order: a temporary file is unlinked, whatever happens" {
	parsed python-http-20-threads
	mkdir tmp
	TMPDIR=$PWD/tmp nc-order -m 0 in.nc >/dev/null
	[ -z "$(ls tmp)" ]
}

@test "nc-order: inputs apart, joined and from FIFOs give the same bytes" {
	for h in server client; do
		{
			echo host,trace
			echo "$h,$cases/nginx-curl-keep-alive/$h.trace"
		} >$h.csv
		nc-parse -q $h.csv >$h.nc
		mkfifo $h.fifo
	done
	nc-order server.nc client.nc >apart.nc
	cat server.nc client.nc | nc-order >joined.nc
	cmp apart.nc joined.nc
	cat server.nc >server.fifo &
	cat client.nc >client.fifo &
	nc-order server.fifo client.fifo >fifo.nc
	wait
	cmp apart.nc fifo.nc
}

@test "nc-order: the same host in two inputs is refused in words" {
	parsed nginx-curl-keep-alive
	run -2 --separate-stderr bash -c 'nc-order in.nc in.nc >out.nc'
	[[ $stderr == "nc-order: "*host* ]]
}

@test "nc-order: twice the same bytes" {
	parsed prefork-8-workers
	nc-order in.nc >1.nc
	nc-order in.nc >2.nc
	cmp 1.nc 2.nc
}

@test "nc-order: an unknown record stays between the calls it came with" {
	host='["host", "a", 0, b"a.trace", 0, "strace"]'
	pack --schema '{"note": ["host", "trace", "text"]}' "$host" \
	    '["call", "a", 0, 1, 1, 7, 7, 0, 0, "socket", 1, 3, 3]' \
	    '["note", "a", 0, "here"]' \
	    '["call", "a", 0, 2, 2, 7, 7, 0, 0, "socket", 2, 4, 4]' \
	    '["end", "a", 0, 2, 60, 2, 2]' >in.nc
	run -0 bash -c "nc-order in.nc | nc-report -f jsonl | \
	    sed -n 's/.*\"record\": \"\([a-z]*\)\".*/\1/p' | \
	    grep -e call -e note"
	[ "${lines[*]}" = "call note call" ]
}

@test "nc-order: every case's order keeps the intervals of its calls" {
	local bad=0
	for c in "$cases"/*/; do
		nc-parse -q "$c/hosts.csv" >in.nc || continue
		nc-order -q in.nc >out.nc
		python3 "$ROOT/tests/lib/check_order.py" in.nc out.nc \
		    >said || { echo "$c"; cat said; bad=1; }
	done
	[ "$bad" -eq 0 ]
}

@test "nc-order: records of no lane come out, however many" {
	local i
	for ((i = 0; i < 600; i++)); do
		echo "['note', 'x', 0, '$i']"
	done >notes
	mapfile -t notes <notes
	pack --schema '{"note": ["host", "trace", "text"]}' "${notes[@]}" >in.nc
	run -0 bash -c "nc-order in.nc | nc-report -f jsonl | grep -c note"
	[ "$output" = 600 ]
}

@test "nc-order: a circle of calls is shown, not who else waits for them" {
	local any='{sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("10.0.0.1")}'
	accept() {
		echo "7 accept(3, {sa_family=AF_INET, sin_port=htons($2)," \
		    "sin_addr=inet_addr(\"$1\")}, [16]) = $3"
	}
	client() {
		printf '%s\n' '8 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3' \
		    "8 bind(3, {sa_family=AF_INET, sin_port=htons($2), sin_addr=inet_addr(\"$1\")}, 16) = 0" \
		    "8 connect(3, $any, 16) = 0" '8 read(3, "y", 1) = 1' \
		    '8 write(3, "x", 1) = 1'
	}
	{
		echo '7 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3'
		echo "7 bind(3, $any, 16) = 0"
		echo '7 listen(3, 5) = 0'
		accept 10.0.0.2 4000 4
		accept 10.0.0.3 4000 5
		printf '7 %s\n' 'read(4, "x", 1) = 1' 'write(4, "y", 1) = 1' \
		    'write(5, "y", 1) = 1' 'read(5, "x", 1) = 1'
	} >server.trace
	client 10.0.0.2 4000 >member.trace
	client 10.0.0.3 4000 >bystander.trace
	printf '%s\n' host,trace,address,nat bystander,bystander.trace,10.0.0.3, \
	    member,member.trace,10.0.0.2, server,server.trace,10.0.0.1, >hosts.csv
	run -0 bash -c "nc-parse hosts.csv | nc-order -q | nc-report -f jsonl |
	    grep why.*forced"
	echo "$output"
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == *'["member", 0, 4,'* && $output == *'["server", 0, 6,'* ]]
	[[ $output != *bystander* ]]
}
