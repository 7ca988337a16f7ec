#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy network: it is the server that takes longer than its client waits.
# usage: udp-slow-server.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init udp-slow-server "$1"
lab_py ask_udp
LAB_FLAGS="-f -ttt -T -yy -s 200 -e $LAB_CALLS"
fault_serve_udp 5515 /usr/bin/python3 -BIS ask_udp.py serve 5515 8 0.6
fault_client "exec /usr/bin/python3 -BIS ask_udp.py $srv 5515 8 0.5"
lab_wait "$server_pid"
