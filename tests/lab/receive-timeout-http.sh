#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A web server takes two seconds for each answer; the client's SO_RCVTIMEO is
# one second, and it closes when its receive fails. With five seconds it works.
# usage: receive-timeout-http.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init receive-timeout-http "$1"
lab_py slow_http
LAB_FLAGS="-f -ttt -T -yy -s 512 -e $LAB_CALLS"
fault_serve 8080 /usr/bin/python3 -BIS slow_http.py serve 8080 2
fault_client "exec /usr/bin/python3 -BIS slow_http.py $srv 8080 1 5 1"
sleep 2
fault_end TERM
