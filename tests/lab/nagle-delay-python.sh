#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A client writes the head and the body of each message by themselves and waits
# for the answer: each costs 40 ms.
# usage: nagle-delay-python.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init nagle-delay-python "$1"
lab_py two_parts
fault_serve 7200 /usr/bin/python3 -BIS "$LAB_WORK/two_parts.py" serve 7200
fault_client "/usr/bin/python3 -BIS $LAB_WORK/two_parts.py ask $srv 7200 apart"
fault_end TERM
