#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: iperf3 sets its buffers to 96 KB and has twice that, as Linux does;
# a program asks for less than the least there is.
# usage: buffer-size-healthy.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init buffer-size-healthy "$1"
fault_serve 5201 sh -c 'iperf3 -s -p 5201 -1'
fault_client "iperf3 -c $srv -p 5201 -w 96K -n 200K -l 8K;
perl -MSocket -e 'socket(S, PF_INET, SOCK_STREAM, 0);
setsockopt(S, SOL_SOCKET, SO_RCVBUF, 100);
print unpack(\"i\", getsockopt(S, SOL_SOCKET, SO_RCVBUF))'"
lab_wait "$server_pid"
