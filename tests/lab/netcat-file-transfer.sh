#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: a file of 60 KB sent with nc -N to a listening nc.
# usage: netcat-file-transfer.sh OUTDIR

. "$(dirname "$0")/lib.sh"
lab_init netcat "$1"
lab_host server
lab_host client
seq 12000 | head -c 60000 >file
lab_trace_bg server server.trace -- nc -l 7022
srv=$LAB_PID
lab_wait_port server 7022
lab_trace client client.trace -- sh -c "nc -N $(lab_addr server) 7022 <file"
lab_wait "$srv"
cmp file server.trace.out
lab_row server server.trace
lab_row client client.trace
