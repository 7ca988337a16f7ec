#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The router drops packets longer than 600 bytes silently: small values are
# stored in memcached, a large one never reaches it. Two clients wait 11 s.
# usage: mtu-tcp-memcached-store.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init mtu-tcp-memcached-store "$1"
fault_filter -m length --length 601:65535 -j DROP
fault_serve 11211 memcached -u root -t 1 -U 0 -l "$srv"
value=$(seq -f 'value %04.0f' 100 | tr '\n' ' ')
mkfifo one two
for pipe in one two; do
	{
		printf 'set small 0 0 5\r\nhello\r\n'
		sleep 0.5
		printf 'get small\r\n'
		sleep 0.5
		printf 'set large 0 0 %d\r\n%s\r\n' "${#value}" "$value"
		sleep 12
	} >$pipe &
done
fault_client "timeout 12 nc $srv 11211 <one & \
timeout 12 nc $srv 11211 <two; wait"
fault_end TERM
