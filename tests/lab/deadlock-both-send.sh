#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Both sides send ten megabytes before they read anything.
# usage: deadlock-both-send.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init deadlock-both-send "$1"
LAB_FLAGS='-f -ttt -T -yy -s 32'
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 accept=1 \
    repeat=10 fill=1000000 end recvall=10000000 close
lab_trace_bg client client.trace -- "$act" tcp connect="$srv:7000" \
    repeat=10 fill=1000000 end recvall=10000000 close
client=$LAB_PID
sleep 8
lab_stop "$client" INT
fault_end INT
