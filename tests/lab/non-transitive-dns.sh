#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Over UDP: server's name server asks other's, client asks server's and is
# answered; what it asks other's is dropped on the way, four times.
# usage: non-transitive-dns.sh OUTDIR

. "$(dirname "$0")/three-lib.sh"
three_init non-transitive-dns "$1"
three_apart
lab_trace_bg other other.trace -- dnsmasq -k -C /dev/null -u root \
    --pid-file --no-resolv --no-hosts --address=/lab.example/192.0.2.1
other_pid=$LAB_PID
lab_wait_port other 53 udp
fault_serve_udp 53 dnsmasq -k -C /dev/null -u root --pid-file --no-resolv \
    --no-hosts --server="$oth"
fault_client "dig @$srv www.lab.example; dig @$oth +tries=4 +time=1 www.lab.example"
lab_stop "$other_pid"
fault_end TERM
