#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Figure 1 of the paper: B sends "Hello", A receives "Hola!".
# usage: payload-modified-figure-1.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init payload-modified-figure-1 "$1"
fault_rewriter Hello 'Hola!'
fault_serve 80 "$act" tcp bind=0.0.0.0:80 listen=1 accept=1 recv=5 \
    close @0 close
fault_client "$act tcp connect=$srv:80 send=Hello close"
lab_wait "$server_pid"
