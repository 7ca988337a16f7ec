#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: a shell script that starts a server and two clients on one host,
# which talk over the loopback address, all in one trace.
# usage: loopback-one-trace.sh OUTDIR

. "$(dirname "$0")/lib.sh"
lab_init loopback "$1"
lab_host server
cat >both.sh <<'SH'
memcached -u root -l 127.0.0.1 -p 11211 -t 2 -U 0 &
server=$!
until printf 'version\r\nquit\r\n' | nc 127.0.0.1 11211 >/dev/null 2>&1; do
	sleep 0.1
done
printf 'set key 0 0 5\r\nvalue\r\nget key\r\nquit\r\n' | nc 127.0.0.1 11211
printf 'get key\r\nquit\r\n' | nc localhost 11211
kill "$server"
wait "$server"
exit 0
SH

lab_trace server server.trace -- sh both.sh
grep -q 'VALUE key' server.trace.out
lab_row server server.trace
