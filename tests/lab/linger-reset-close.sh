#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The server answers half of a request and closes with SO_LINGER 0 while the
# client waits for the rest.
# usage: linger-reset-close.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init linger-reset-close "$1"
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 accept=1 \
    recv=100 fill=100 sleep=300 linger0 close
fault_client "$act tcp connect=$srv:7000 'send=a request' recv=100 \
recv=100 close"
lab_wait "$server_pid"
