#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The paper's Figure 6, second order. B connects between A's bind and A's
# listen, is refused and gives up; A listens in vain.
# usage: figure-6-connect-before-listen.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init figure-6-connect-before-listen "$1"
lab_trace_bg server server.trace -- "$act" tcp reuse bind=0.0.0.0:7006 \
    sleep=1500 listen=1 poll=1000 close
server_pid=$LAB_PID
sleep 0.7
lab_trace client client.trace -- "$act" tcp "connect=$srv:7006" close || :
lab_wait "$server_pid"
