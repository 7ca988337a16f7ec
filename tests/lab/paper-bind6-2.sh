#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Table 4, bind6-2: Python's HTTP server is bound to IPv4, as is its default;
# curl comes by IPv6.
# usage: paper-bind6-2.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"
fault_init paper-bind6-2 "$1"
LAB_FLAGS="-f -tt -y -s 256 -e $LAB_CALLS"
web_files
fault_serve 8000 python3 -m http.server -d www 8000
fault_client "curl -q -sS http://server.example:8000/ --resolve server.example:8000:[$(lab_addr6 server)]; sleep 1
curl -q -sS -6 http://server.example:8000/ --resolve server.example:8000:[$(lab_addr6 server)]"
fault_end TERM
