#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: a server that starts a program for each client while the connection
# is open.  The child closes its copy with close_range, which is in none of the
# classes of calls traced, and outlives the connection.
# usage: hidden-close-range.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS="-f -ttt -s 256 -e trace=%network,%desc,%process"
lab_init hidden-close "$1"
lab_host server
lab_host client
lab_py child_per_client

lab_trace_bg server server.trace -- /usr/bin/python3 -BIS \
    child_per_client.py server 8000 3
srv=$LAB_PID
lab_wait_port server 8000
lab_trace client client.trace -- /usr/bin/python3 -BIS child_per_client.py \
    client "$(lab_addr server)" 8000 3
lab_wait "$srv"
lab_row server server.trace
lab_row client client.trace
