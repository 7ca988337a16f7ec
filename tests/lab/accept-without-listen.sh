#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A server forgets to listen before it accepts.
# usage: accept-without-listen.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init accept-without-listen "$1"
fault_serve 7001 "$act" tcp reuse bind=0.0.0.0:7000 accept=1 \
    @2 tcp reuse bind=0.0.0.0:7001 listen=5 accept=3 recv=100 send=hello close
fault_client "$act tcp connect=$srv:7000 close \
tcp connect=$srv:7001 send=hello recv=100 recv=100 close"
lab_wait "$server_pid"
