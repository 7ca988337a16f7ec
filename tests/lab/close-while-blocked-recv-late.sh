#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A thread waits in recv; another closes the descriptor. The peer sends
# nothing for 2 s, then data, which the waiting thread still gets.
# usage: close-while-blocked-recv-late.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init close-while-blocked-recv-late "$1"
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 accept=1 \
    thread recv=100 end sleep=500 close join sleep=300
fault_client "$act tcp connect=$srv:7000 sleep=2500 send=wake recv=10 close"
lab_wait "$server_pid"
