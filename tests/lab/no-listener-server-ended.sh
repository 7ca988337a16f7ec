#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A forking server serves one client and ends; the next client is refused.
# usage: no-listener-server-ended.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init no-listener-server-ended "$1"
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 \
    accept=1 fork @0 close @1 recv=100 'send=welcome' close end \
    close wait @0 close
fault_client "$act tcp connect=$srv:7000 send=hello recv=100 recv=100 close \
sleep=1000 tcp connect=$srv:7000 close sleep=500 tcp connect=$srv:7000"
lab_wait "$server_pid"
