#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A client with an SO_RCVTIMEO waits for an answer; it is stopped and continued,
# which ends its receive with EINTR (signal(7)), and it closes the socket.
# usage: interrupted-call-stopped.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init interrupted-call-stopped "$1"
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 accept=1 \
    recv=100 sleep=3000 send=answer recv=100 close
lab_trace_bg client client.trace -- "$act" tcp timeout=9000 \
    connect="$srv:7000" send=question recv=100 close sleep=500
client=$LAB_PID
sleep 1
pid=$(pgrep -P "$client")
kill -STOP "$pid"
sleep 0.5
kill -CONT "$pid"
lab_wait "$client"
lab_wait "$server_pid"
