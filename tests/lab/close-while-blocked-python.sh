#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A python thread waits in recv; the main thread closes the socket and waits
# in vain for the thread. The peer sends data after 3 s.
# usage: close-while-blocked-python.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init close-while-blocked-python "$1"
LAB_FLAGS+=' -s 200'
lab_py close_blocked
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 accept=1 \
    recv=100 sleep=3000 send=late recv=100 close
fault_client "/usr/bin/python3 $LAB_WORK/close_blocked.py $srv 7000"
lab_wait "$server_pid"
