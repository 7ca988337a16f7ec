#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: one thread is blocked in a send of 320 KB while another one reads
# the replies to its first parts; small socket buffers.
# usage: blocked-send-while-reading.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS='-f -ttt -T -yy -s 400000'
lab_init bigsend "$1"
lab_host server
lab_host client
lab_cc bigsend
lab_trace_bg server server.trace -- "$LAB_WORK/bigsend" server 7010
srv=$LAB_PID
lab_wait_port server 7010
lab_trace client client.trace -- "$LAB_WORK/bigsend" client \
    "$(lab_addr server)" 7010 320
lab_wait "$srv"
lab_row server server.trace
lab_row client client.trace
