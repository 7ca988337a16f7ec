#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Hosts client, server and other: client reaches server; all that passes
# between client and other is dropped. other and server exchange nothing.
# usage: three-hosts-one-pair-dropped.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init three-hosts-one-pair-dropped "$1"
lab_host other
lab_row other other.trace
other=$(lab_addr other)
lab_in client sysctl -qw net.ipv4.tcp_syn_retries=1
fault_filter -s "$cli" -d "$other" -j DROP
fault_serve 6379 redis-server --port 6379 --bind "$srv" --save '' \
    --protected-mode no --dir "$LAB_WORK"
lab_trace_bg other other.trace -- "$act" tcp reuse bind=0.0.0.0:7000 \
    listen=5 accept=1
listener=$LAB_PID
lab_wait_port other 7000
fault_client "redis-cli -h $srv set greeting hello; \
$act tcp connect=$other:7000 close tcp connect=$other:7000 close; \
redis-cli -h $srv get greeting"
lab_stop "$listener"
fault_end TERM
