#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A web client with an SO_RCVTIMEO of a second gives up three times: the network
# takes 700 ms for each way, the server no time at all.
# usage: delay-receive-timeout.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init delay-receive-timeout "$1"
lab_py slow_http
LAB_FLAGS="-f -ttt -T -yy -s 512 -e $LAB_CALLS"
fault_mangler port=8080 tcp=1 delay=700
fault_serve 8080 /usr/bin/python3 -BIS slow_http.py serve 8080 0
fault_client "exec /usr/bin/python3 -BIS slow_http.py $srv 8080 1 1 1"
sleep 2
fault_end TERM
