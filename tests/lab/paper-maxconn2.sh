#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Table 4, maxconn2: lighttpd serves at most two connections and stops
# accepting; four clients have to wait for two that are slow.
# usage: paper-maxconn2.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"
fault_init paper-maxconn2 "$1"
web_lighttpd "server.port = 8080" "server.max-connections = 2" "server.listen-backlog = 2" "server.max-fds = 32"
fault_serve 8080 lighttpd -D -f lighttpd.conf
fault_client "(sleep 12) | nc -q 0 $srv 8080 & (sleep 12) | nc -q 0 $srv 8080 &
sleep 0.5
for i in 1 2 3 4 5; do wget --no-config -q -t 1 -T 8 -O - http://$srv:8080/ & done; wait"
fault_end TERM
