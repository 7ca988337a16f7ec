#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The router drops all that goes to the server; socat's connects block until
# ETIMEDOUT (one SYN retransmit).
# usage: connection-timeout-drop-all.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init connection-timeout-drop-all "$1"
lab_in client sysctl -qw net.ipv4.tcp_syn_retries=1
fault_filter -d "$srv" -j DROP
fault_serve 6379 redis-server --port 6379 --bind "$srv" --save '' \
    --protected-mode no --dir "$LAB_WORK"
fault_client "echo PING | socat -t 1 - TCP:$srv:6379; \
echo PING | socat -t 1 - TCP:$srv:6379"
fault_end TERM
