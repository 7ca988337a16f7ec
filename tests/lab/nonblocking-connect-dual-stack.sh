#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: nonblocking connects, finished with poll and SO_ERROR, to one
# dual-stack listener, by IPv4 and by IPv6 in turn.
# usage: nonblocking-connect-dual-stack.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 1024 -e $LAB_CALLS"
lab_init connect-poll "$1"
lab_host server
lab_host client
lab_py connect_poll
lab_trace_bg server server.trace -- /usr/bin/python3 -BIS connect_poll.py \
    server 7020 4
srv=$LAB_PID
lab_wait_port server 7020
lab_trace client client.trace -- /usr/bin/python3 -BIS connect_poll.py \
    client 7020 "$(lab_addr server)" "$(lab_addr6 server)" \
    "$(lab_addr server)" "$(lab_addr6 server)"
lab_wait "$srv"
lab_row server server.trace
lab_row client client.trace
