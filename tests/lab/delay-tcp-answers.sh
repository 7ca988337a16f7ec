#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A client looks up from its wait for each answer after 600 ms; the network
# takes 700 ms for each way, the server no time at all.
# usage: delay-tcp-answers.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init delay-tcp-answers "$1"
lab_py ask_tcp
LAB_FLAGS="-f -ttt -T -yy -s 200 -e $LAB_CALLS"
fault_mangler port=7000 tcp=1 delay=700
fault_serve 7000 /usr/bin/python3 -BIS ask_tcp.py serve 7000
fault_client "exec /usr/bin/python3 -BIS ask_tcp.py $srv 7000 4 0.6"
lab_wait "$server_pid"
