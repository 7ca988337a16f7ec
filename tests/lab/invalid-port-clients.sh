#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Three HTTP clients are told to use port 0.
# usage: invalid-port-clients.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"
fault_init invalid-port-clients "$1"
web_lighttpd "server.port = 8080"
fault_serve 8080 lighttpd -D -f lighttpd.conf
fault_client "curl -q -sS http://$srv:8080/; curl -q -sS http://$srv:0/
python3 -c 'import socket; socket.create_connection((\"$srv\", 0))'"
fault_end TERM
