#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A server waits a second for a client's first words, then closes; the client
# needs two.
# usage: receive-timeout-first.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init receive-timeout-first "$1"
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 \
    accept=1 timeout=1000 recv=100 close
fault_client "$act tcp connect=$srv:7000 sleep=2000 send=hello recv=100 close"
lab_wait "$server_pid"
