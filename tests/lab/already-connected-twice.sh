#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A client connects its socket, and again to another server.
# usage: already-connected-twice.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init already-connected-twice "$1"
fault_serve_two 7000 "$act tcp reuse bind=0.0.0.0:7000 listen=5 accept=1 \
recv=100 send=welcome recv=100 close" \
    7001 "$act tcp reuse bind=0.0.0.0:7001 listen=5 accept=1 recv=100"
fault_client "$act tcp connect=$srv:7000 send=hello recv=100 \
connect=$srv:7001 send=again recv=100 close"
fault_end TERM
