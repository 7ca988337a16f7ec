#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# dnsmasq receives over IPv4 and over IPv6, on a socket each; the router drops
# what dig asks it over IPv4, while pings over TCP work.
# usage: firewall-udp-both-families.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 256 -e $LAB_CALLS"
fault_init firewall-udp-both-families "$1"
fault_filter -p udp --dport 5353 -j DROP
lab_trace_bg server server.trace -- dnsmasq -k -C /dev/null -u root -p 5353 \
    --no-resolv --no-hosts --address=/example/10.9.0.1 --pid-file
server_pid=$LAB_PID
lab_wait_port server 5353 udp
fault_client "dig -r +tcp -p 5353 @$srv a.example; \
    dig -r +tries=5 +time=1 -p 5353 @$srv b.example || :"
lab_stop "$server_pid"
