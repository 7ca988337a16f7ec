#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A server with one thread works three seconds on each request. Two clients
# that poll a second for their answers close before it looks at them.
# usage: receive-timeout-polled.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init receive-timeout-polled "$1"
LAB_FLAGS="-f -ttt -T -yy -s 512 -e $LAB_CALLS"
lab_py busy_serve
lab_py busy_ask
fault_serve 9556 /usr/bin/python3 -BIS busy_serve.py 9556 3 3
fault_client "exec /usr/bin/python3 -BIS busy_ask.py $srv 9556 1 1"
lab_wait "$server_pid"
