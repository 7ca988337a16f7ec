#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A thread waits in recv; another closes the descriptor. The peer never sends
# anything; the program is ended 4 s later.
# usage: close-while-blocked-recv-never.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init close-while-blocked-recv-never "$1"
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 accept=1 \
    thread recv=100 end sleep=500 close sleep=20000
lab_trace_bg client client.trace -- "$act" tcp "connect=$srv:7000" sleep=20000
client_pid=$LAB_PID
sleep 5
fault_end TERM
lab_stop "$client_pid"
