#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The server answers one request and closes; the client goes on sending.
# usage: send-after-close-epipe.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init send-after-close-epipe "$1"
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 accept=1 \
    recv=20 fill=500 close
fault_client "$act tcp connect=$srv:7000 'send=first request' recvall=500 \
sleep=200 'send=second request' sleep=200 'send=third request' recv=500 close"
lab_wait "$server_pid"
