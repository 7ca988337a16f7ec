#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The server has set SO_OOBINLINE on its listener and asks for the urgent byte
# with MSG_OOB nevertheless: EINVAL. The byte comes with the other data.
# usage: oob-data-inline-asked.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init oob-data-inline-asked "$1"
fault_serve 7000 "$act" tcp reuse oobinline bind=0.0.0.0:7000 listen=5 \
    accept=1 sleep=400 recvoob=1 recv=100 recv=100 send=done recv=100 close
fault_client "$act tcp connect=$srv:7000 'send=a command ' oob=! \
sleep=50 'send=and its end' recv=100 close"
lab_wait "$server_pid"
