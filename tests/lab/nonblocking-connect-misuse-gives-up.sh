#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The first SYN is lost, so the connect takes a second. The client takes
# EINPROGRESS for a failure and gives up, three times.
# usage: nonblocking-connect-misuse-gives-up.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init nonblocking-connect-misuse-gives-up "$1"
fault_filter -p tcp --syn --dport 7001 -m statistic --mode nth --every 2 \
    --packet 0 -j DROP
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7001 listen=5 \
    @1 tcp reuse bind=0.0.0.0:7000 listen=5 \
    accept=2 recv=100 send=welcome close
fault_client "$act tcp connect=$srv:7000 send=hello poll=2000 recv=100 close \
repeat=3 @1 tcp nonblock connect=$srv:7001 close sleep=50 end"
lab_wait "$server_pid"
