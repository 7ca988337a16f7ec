#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Table 4, maxconn: apache has a single process, which keeps its first
# connection alive; the others wait in a queue that is too short for all of
# them.
# usage: paper-maxconn.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"
fault_init paper-maxconn "$1"
web_apache 80 "ListenBacklog 2" "MaxRequestWorkers 1" "ServerLimit 1" "KeepAliveTimeout 30"
fault_serve 80 setsid apache2 -D FOREGROUND -f "$LAB_WORK/apache.conf"
fault_client "(printf 'GET / HTTP/1.1\\r\\nHost: server\\r\\n\\r\\n'; sleep 12) | nc -q 0 $srv 80 &
sleep 0.5
for i in 1 2 3 4 5; do curl -q -sS -m 9 http://$srv/ & done; wait"
fault_end TERM
