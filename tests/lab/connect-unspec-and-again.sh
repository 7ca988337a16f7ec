#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A client dissolves the association of its socket with AF_UNSPEC when the
# server has closed, and connects the same socket once more.
# usage: connect-unspec-and-again.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init connect-unspec-and-again "$1"
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 \
    repeat=2 @0 accept=1 recv=100 send=welcome close end
fault_client "$act tcp connect=$srv:7000 send=hello recv=100 recv=100 \
unconnect connect=$srv:7000 send=again recv=100 recv=100 close"
lab_wait "$server_pid"
