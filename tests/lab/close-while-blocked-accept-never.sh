#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A thread waits in accept; another closes the listener after the first
# client and then waits for the thread in vain.
# usage: close-while-blocked-accept-never.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init close-while-blocked-accept-never "$1"
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 \
    accept=1 recv=100 send=bye close @0 thread accept=2 end \
    sleep=500 close join
fault_client "$act tcp connect=$srv:7000 send=hello recv=100 recv=100 close"
sleep 4
fault_end TERM
