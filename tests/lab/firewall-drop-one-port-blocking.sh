#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# redis and memcached on one host; the router drops what goes to memcached.
# socat's connect blocks until ETIMEDOUT (one SYN retransmit); redis works.
# usage: firewall-drop-one-port-blocking.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init firewall-drop-one-port-blocking "$1"
lab_in client sysctl -qw net.ipv4.tcp_syn_retries=1
fault_filter -p tcp --dport 11211 -j DROP
fault_serve_two 11211 "memcached -u root -t 1 -U 0 -l $srv" \
    6379 "redis-server --port 6379 --bind $srv --save '' --protected-mode no"
fault_client "redis-cli -h $srv set greeting hello; \
echo version | socat -t 1 - TCP:$srv:11211; \
echo version | socat -t 1 - TCP:$srv:11211; redis-cli -h $srv get greeting"
fault_end TERM
