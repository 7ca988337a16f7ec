#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# redis and memcached on one host; the router answers connects to memcached
# with a TCP reset. redis works.
# usage: firewall-reset-one-port.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init firewall-reset-one-port "$1"
fault_filter -p tcp --dport 11211 -j REJECT --reject-with tcp-reset
fault_serve_two 11211 "memcached -u root -t 1 -U 0 -l $srv" \
    6379 "redis-server --port 6379 --bind $srv --save '' --protected-mode no"
fault_client "redis-cli -h $srv set greeting hello; \
echo version | socat -t 1 - TCP:$srv:11211; sleep 1; \
echo version | socat -t 1 - TCP:$srv:11211; redis-cli -h $srv get greeting"
fault_end TERM
