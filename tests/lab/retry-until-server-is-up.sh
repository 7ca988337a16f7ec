#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: the client starts before the server, is refused a few times,
# waits and comes again until the server is there.
# usage: retry-until-server-is-up.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 1024 -e $LAB_CALLS"
lab_init retry "$1"
lab_host server
lab_host client
lab_py retry_client
lab_trace_bg client client.trace -- /usr/bin/python3 -BIS retry_client.py \
    "$(lab_addr server)" 7023
cli=$LAB_PID
lab_wait_for grep -q ECONNREFUSED "$LAB_OUT/client.trace"
sleep 0.3
lab_trace_bg server server.trace -- /usr/bin/python3 -BIS retry_client.py 7023
srv=$LAB_PID
lab_wait "$cli"
lab_wait "$srv"
lab_row server server.trace
lab_row client client.trace
