#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The client has no route to the server.
# usage: no-route-local.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init no-route-local "$1"
lab_in client ip route del default
fault_serve 8000 "$act" tcp reuse bind=0.0.0.0:8000 listen=5 accept=1
fault_client "nc -w 2 -N $srv 8000; echo hello | socat - TCP:$srv:8000"
fault_end TERM
