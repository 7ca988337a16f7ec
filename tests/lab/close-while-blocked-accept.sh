#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A thread waits in accept; another closes the listener. One more client is
# accepted 2 s later all the same.
# usage: close-while-blocked-accept.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init close-while-blocked-accept "$1"
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 \
    thread accept=1 recv=100 send=bye close end sleep=500 close join
fault_client "$act sleep=2500 tcp connect=$srv:7000 send=hello recv=100 \
recv=100 close"
lab_wait "$server_pid"
