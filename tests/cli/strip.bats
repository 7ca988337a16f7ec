#!/usr/bin/env bats
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Options of strace taken away from full recordings: the records stay the same,
# but for what the option takes away.  NC_ALL=1 takes every recording.

load ../lib/helper

# Recordings of -f -ttt -T -yy, whole strings.
full()
{
	local f
	for f in "$ROOT"/tests/cases/*/*.trace{,.xz}; do
		xzcat -f "$f" | head -n 1 |
		    grep -qE '^[0-9]+ +[0-9]{9,}\.[0-9]{6} ' &&
		    xzgrep -q '<TCP\|<UDP' "$f" && echo "$f"
	done
}

@test "strip: what no option took away stays" {
	cd "$ROOT/tests/cases"
	traces=(
		asyncio-echo-30-connections/server.trace
		blocked-send-while-reading/client.trace
		close-while-blocked-poll/server.trace
		connection-reset-server-crashed/server.trace
		datagram-truncated-recvmsg-ipv6/server.trace
		descriptors-passed-to-workers/server.trace
		dual-stack-nginx-curl/server.trace.xz
		git-daemon-clone/server.trace.xz
		redis-pipelining/server.trace
		linger-reset-close/client.trace
		loopback-bound-redis/server.trace
		memcached-threads/server.trace.xz
		untraced-peer-nginx/client.trace
		prefork-8-workers/server.trace
		python-http-20-threads/server.trace.xz
		rsync-daemon/server.trace
		ssh-command/server.trace.xz
		socat-relay/server.trace
		tls13-nginx-curl/client.trace
		udp-ping-pong-mmsg/server.trace
		vsftpd-curl/server.trace
	)
	[ -z "${NC_ALL:-}" ] || mapfile -t traces < <(full)
	run -0 python3 "$ROOT/tests/lib/strip.py" "${traces[@]}"
	[[ $output == *" of "* && "${#lines[@]}" -eq 1 ]]
}
