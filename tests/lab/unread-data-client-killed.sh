#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# timeout -s KILL ends a wget that reads slowly.
# usage: unread-data-client-killed.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init unread-data-client-killed "$1"
LAB_FLAGS="-f -ttt -T -yy -s 64 -e $LAB_CALLS"
mkdir www && head -c 3000000 /dev/zero >www/zero
fault_serve 8000 python3 -m http.server -d www 8000
fault_client "timeout -s KILL 1.5 wget --limit-rate=20k -qO /dev/null http://$srv:8000/zero; sleep 1"
fault_end INT
