#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The first SYN is lost, so the connect takes a second. The client reads
# SO_ERROR at once, without waiting: it is 0, but nothing is connected. Its
# message meets EAGAIN and is lost.
# usage: nonblocking-connect-misuse-error-early.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init nonblocking-connect-misuse-error-early "$1"
fault_filter -p tcp --syn --dport 7000 -m statistic --mode nth --every 2 \
    --packet 0 -j DROP
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 accept=1 \
    timeout=3000 recv=100 send=welcome close
fault_client "$act tcp nonblock connect=$srv:7000 soerror send=hello close"
lab_wait "$server_pid"
