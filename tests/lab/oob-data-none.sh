#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The server asks with MSG_OOB for an urgent byte that nobody has sent: EINVAL.
# It takes that for an end and leaves the request unanswered.
# usage: oob-data-none.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init oob-data-none "$1"
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 accept=1 \
    recv=100 recvoob=1 sleep=50 close
fault_client "$act tcp connect=$srv:7000 'send=a command' recv=100 close"
lab_wait "$server_pid"
