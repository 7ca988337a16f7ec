#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The first SYN is lost, so the connect takes a second. The client asks if there
# is something to read, reads all the same, gets EAGAIN and gives up.
# usage: nonblocking-connect-misuse-receive.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init nonblocking-connect-misuse-receive "$1"
fault_filter -p tcp --syn --dport 7000 -m statistic --mode nth --every 2 \
    --packet 0 -j DROP
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 \
    accept=1 send=hello recv=100 close
fault_client "$act tcp nonblock connect=$srv:7000 poll=10 recv=100 close"
lab_wait "$server_pid"
