#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: a program that lets the kernel cut what it sends into datagrams, and
# one that lets it join what comes, as QUIC libraries do.
# usage: segmented-datagrams.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 7000 -e ${LAB_CALLS/read,/}"
lab_init segments "$1"
lab_host server
lab_host client
lab_py segments
lab_trace_bg server server.trace -- /usr/bin/python3 -BIS segments.py server 4433
srv=$LAB_PID
lab_wait_port server 4434 udp
lab_trace client client.trace -- /usr/bin/python3 -BIS segments.py client \
    "$(lab_addr server)" 4433
lab_wait "$srv"
lab_row server server.trace
lab_row client client.trace
