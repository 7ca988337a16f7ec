#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The client sends an urgent byte; the server reads on without MSG_OOB and
# never gets it.
# usage: oob-data-read-past.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init oob-data-read-past "$1"
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 accept=1 \
    sleep=400 recv=100 recv=100 send=done recv=100 close
fault_client "$act tcp connect=$srv:7000 'send=transfer part one' oob=!A \
sleep=100 'send=transfer part two' recv=100 close"
lab_wait "$server_pid"
