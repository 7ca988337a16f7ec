#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Two urgent bytes follow each other before the server reads: the first one
# ends up in the middle of the ordinary data.
# usage: oob-data-overtaken.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init oob-data-overtaken "$1"
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 accept=1 \
    sleep=500 recvoob=1 recv=100 recv=100 send=done recv=100 close
fault_client "$act tcp connect=$srv:7000 'send=stop now ' oob=A \
'send=and once more ' oob=B sleep=50 'send=the rest' recv=100 close"
lab_wait "$server_pid"
