#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Over IPv6: redis works, the router drops what goes to memcached.
# usage: firewall-drop-one-port-ipv6.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init firewall-drop-one-port-ipv6 "$1"
srv6=$(lab_addr6 server)
lab_in client sysctl -qw net.ipv4.tcp_syn_retries=1
lab_in router ip6tables -A FORWARD -p tcp --dport 11211 -j DROP
fault_serve_two 11211 "memcached -u root -t 1 -U 0 -l $srv6" \
    6379 "redis-server --port 6379 --bind $srv6 --save '' --protected-mode no"
fault_client "redis-cli -h $srv6 set greeting hello; \
$act tcp6 connect=[$srv6]:11211 close tcp6 connect=[$srv6]:11211 close; \
redis-cli -h $srv6 get greeting"
fault_end TERM
