#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A client whose nonblocking connects are refused tries again until the server
# is up.
# usage: retry-nonblocking-until-up.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 4096 -e $LAB_CALLS"
fault_init retry-nonblocking-until-up "$1"
lab_trace_bg server server.trace -- sh -c "sleep 2; exec nc -l -p 7000"
server_pid=$LAB_PID
fault_client "for i in 1 2 3 4 5 6 7 8 9; do \
echo hi | nc -q 0 -w 1 $srv 7000 && break; sleep 0.5; done"
lab_wait "$server_pid"
