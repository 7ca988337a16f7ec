#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Next to a healthy exchange a program of the server's host looks at packets
# through a ring that the kernel writes into.
# usage: untraced-io-packet-ring.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init untraced-io-packet-ring "$1"
lab_cc packet_ring
lab_trace_bg server server.trace -- sh -c \
    "$LAB_WORK/packet_ring 4 & $act tcp reuse bind=0.0.0.0:7000 listen=5 \
accept=1 recv=100 send=hello recv=100 close; wait"
server_pid=$LAB_PID
lab_wait_port server 7000
lab_wait_for grep -q ready server.trace.out
fault_client "$act tcp connect=$srv:7000 send=hello recv=100 close"
lab_wait "$server_pid"
