#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: a server that forks a process a connection and a client of 12
# threads at once, two requests a connection; a file a process and thread
# (strace -ff), with times and annotations.
# usage: ff-fork-threads.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS="-ff -ttt -T -yy -s 2048 -e $LAB_CALLS"
lab_init ff-fork "$1"
lab_host server
lab_host client
lab_py http_fork
lab_py http_threads

lab_trace_bg server server.trace -- /usr/bin/python3 -BIS http_fork.py 8000 12
srv=$LAB_PID
lab_wait_port server 8000
lab_trace client client.trace -- /usr/bin/python3 -BIS http_threads.py \
    client "$(lab_addr server)" 8000 12
lab_wait "$srv"
lab_row server 'server.trace.*'
lab_row client 'client.trace.*'
