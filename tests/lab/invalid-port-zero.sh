#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A client connects to port 0, as one does that never read its setting.
# usage: invalid-port-zero.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init invalid-port-zero "$1"
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 accept=1 \
    recv=100 send=welcome recv=100 close
fault_client "$act tcp connect=$srv:0 close \
tcp connect=$srv:7000 send=hello recv=100 close"
lab_wait "$server_pid"
