#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: echo over 30 connections at once, both ends on Python's asyncio;
# the clients shut down their sending side first.
# usage: asyncio-echo-30-connections.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 1024 -e $LAB_CALLS"
lab_init asyncio "$1"
lab_host server
lab_host client
lab_py echo_asyncio
lab_trace_bg server server.trace -- /usr/bin/python3 -BIS echo_asyncio.py \
    server 7007 30
srv=$LAB_PID
lab_wait_port server 7007
lab_trace client client.trace -- /usr/bin/python3 -BIS echo_asyncio.py \
    client "$(lab_addr server)" 7007 30
lab_wait "$srv"
lab_row server server.trace
lab_row client client.trace
