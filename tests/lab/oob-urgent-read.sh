#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: urgent bytes that are read as they should be, with MSG_OOB on one
# connection and in the stream, with SO_OOBINLINE, on another.
# usage: oob-urgent-read.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init oob-urgent-read "$1"
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 accept=1 \
    sleep=300 recv=100 recvoob=1 peek=100 recv=100 sleep=300 recvoob=1 recvoob=1 recv=100 \
    send=done recv=100 close @0 accept=2 oobinline sleep=300 recv=100 recv=100 \
    recv=100 send=done recv=100 close
fault_client "$act tcp connect=$srv:7000 'send=one two ' oob=!A sleep=50 \
'send=three' sleep=400 oob=B send=end recv=100 close \
tcp connect=$srv:7000 'send=one two ' oob=!A sleep=50 \
'send=three' sleep=400 oob=B send=end recv=100 close"
lab_wait "$server_pid"
