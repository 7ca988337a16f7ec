#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A client asks over UDP and waits half a second for each answer, which the
# network holds back for longer: answers come when it has given up.
# usage: delay-udp-answers.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init delay-udp-answers "$1"
lab_py ask_udp
LAB_FLAGS="-f -ttt -T -yy -s 200 -e $LAB_CALLS"
fault_mangler port=5515 delay=1300
fault_serve_udp 5515 /usr/bin/python3 -BIS ask_udp.py serve 5515 12
fault_client "exec /usr/bin/python3 -BIS ask_udp.py $srv 5515 12 0.5"
lab_wait "$server_pid"
