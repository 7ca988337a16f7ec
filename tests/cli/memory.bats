#!/usr/bin/env bats
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Memory: what is over is not kept to the end.

load ../lib/helper

setup()
{
	cd "$BATS_TEST_TMPDIR" || return 1
	printf 'host,trace,address\n%s\n%s\n' server,server.trace,10.0.0.1 \
	    client,client.trace,10.0.0.2 >hosts.csv
}

# lives N REFUSED: N short lives of a server that nobody uses, one a second.
# For each a client sends a datagram that nobody receives; during the pause
# after those that REFUSED names (a list of numbers) one connects in vain.
lives()
{
	python3 - "$@" <<-'EOF'
	import sys
	LIFE = """{pid} {s}.1 execve("/bin/server", ["server"], 0x1) = 0
	{pid} {s}.2 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
	{pid} {s}.2 bind(3, {{sa_family=AF_INET, sin_port=htons(80), \
	sin_addr=inet_addr("0.0.0.0")}}, 16) = 0
	{pid} {s}.2 listen(3, 5) = 0
	{pid} {s}.2 epoll_create1(0) = 4
	{pid} {s}.2 epoll_ctl(4, EPOLL_CTL_ADD, 3, {{events=EPOLLIN, \
	data={{u32=3, u64=3}}}}) = 0
	{pid} {s}.3 epoll_wait(4, [], 8, 10) = 0
	{pid} {s}.3 exit_group(0) = ?
	{pid} {s}.4 +++ exited with 0 +++
	"""
	SENDS = """{pid} {s}.5 execve("/bin/client", ["client"], 0x1) = 0
	{pid} {s}.5 socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 3
	{pid} {s}.5 bind(3, {{sa_family=AF_INET, sin_port=htons({port}), \
	sin_addr=inet_addr("0.0.0.0")}}, 16) = 0
	{pid} {s}.6 sendto(3, "lost", 4, 0, {{sa_family=AF_INET, \
	sin_port=htons(9), sin_addr=inet_addr("10.0.0.1")}}, 16) = 4
	{pid} {s}.6 exit_group(0) = ?
	{pid} {s}.7 +++ exited with 0 +++
	"""
	CONNECTS = """{pid} {s}.8 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
	{pid} {s}.8 connect(3, {{sa_family=AF_INET, sin_port=htons(80), \
	sin_addr=inet_addr("10.0.0.1")}}, 16) = -1 ECONNREFUSED (refused)
	{pid} {s}.8 close(3) = 0
	"""
	refused = [int(n) for n in sys.argv[2:]]
	with open("server.trace", "w") as server, \
	        open("client.trace", "w") as client:
	    for i in range(int(sys.argv[1])):
	        known = {"s": 1700000000 + i, "port": 32768 + i % 28000}
	        server.write(LIFE.format(pid=1000 + i, **known))
	        client.write(SENDS.format(pid=2000 + i, **known))
	        if i in refused:
	            client.write(CONNECTS.format(pid=7, **known))
	EOF
}

@test "memory: it does not grow with lives that are over" {
	lives 20000
	nc-parse -q hosts.csv >in.nc
	# A checked build needs more than that before it begins.
	bash -c "ulimit -v 45000; nc-order -V" >/dev/null 2>&1 || return 0
	run -0 bash -c "ulimit -v 45000; nc-order -q in.nc >ordered.nc"
	run -0 bash -c "ulimit -v 45000; nc-model ordered.nc >/dev/null"
}

# refusals: reason and cause of each refused connect
refusals()
{
	nc-parse -q hosts.csv | nc-order -q | nc-model | nc-report -f jsonl |
	    python3 -c 'import json, sys
for d in map(json.loads, sys.stdin):
    if d.get("code") == "ECONNREFUSED":
        print(d["args"]["reason"], d["time"] // 10**9 - 1700000000,
              [cause[2] for cause in d["causes"]])'
}

@test "memory: what explains a refusal is kept" {
	# Each life is nine lines, the last of which ends it.
	lives 4000 2 5
	run -0 refusals
	[ "$output" = "closed_before 2 [27]
closed_before 5 [54]" ]
}
