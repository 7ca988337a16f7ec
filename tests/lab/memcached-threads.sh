#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: memcached with four worker threads, a client with six.
# usage: memcached-threads.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 16384 -e $LAB_CALLS"
lab_init memcached "$1"
lab_host server
lab_host client
lab_py memcache_threads
lab_trace_bg server server.trace -- memcached -u root -p 11211 -t 4 -U 0
srv=$LAB_PID
lab_wait_port server 11211
lab_trace client client.trace -s 2048 -f -ttt -T -yy -e "$LAB_CALLS" -- \
    /usr/bin/python3 -BIS memcache_threads.py "$(lab_addr server)" 11211 6
lab_stop "$srv"
lab_row server server.trace
lab_row client client.trace
