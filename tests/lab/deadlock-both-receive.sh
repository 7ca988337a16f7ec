#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A client waits for a greeting, the server for a request, in a poll; both are
# ended after seven seconds, the server first.
# usage: deadlock-both-receive.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init deadlock-both-receive "$1"
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 accept=1 poll=-1 \
    recv=100 close
lab_trace_bg client client.trace -- "$act" tcp connect="$srv:7000" recv=100 close
client=$LAB_PID
sleep 7
fault_end KILL
lab_wait "$client"
