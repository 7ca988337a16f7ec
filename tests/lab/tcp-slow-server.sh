#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: a client looks up from its wait for each answer after 300 ms; it is
# the server that takes 700 ms.
# usage: tcp-slow-server.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init tcp-slow-server "$1"
lab_py ask_tcp
LAB_FLAGS="-f -ttt -T -yy -s 200 -e $LAB_CALLS"
fault_serve 7000 /usr/bin/python3 -BIS ask_tcp.py serve 7000 0.7
fault_client "exec /usr/bin/python3 -BIS ask_tcp.py $srv 7000 5 0.3"
lab_wait "$server_pid"
