#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The client's resolv.conf is empty: the C library asks 127.0.0.1, where
# nothing listens.  The server, a Python one, asks there for its own name, and
# does without.
# usage: name-resolution-no-server.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init name-resolution-no-server "$1"
LAB_FLAGS="-f -ttt -T -yy -s 128 -e ${LAB_CALLS/open,openat,/}"
fault_serve 8001 python3 -m http.server 8001
fault_client "wget -q -T 3 -t 2 -O /dev/null http://www.lab.example:8001/"
lab_trace client other.trace -- curl -q -sS -o server.html "http://$srv:8001/"
lab_row client other.trace
fault_end TERM
