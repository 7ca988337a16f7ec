#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A python client reads 50 bytes of the report a python server sends it, and
# closes.
# usage: unread-data-python.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init unread-data-python "$1"
LAB_FLAGS+=' -s 600'
lab_py read_start
fault_serve 8000 /usr/bin/python3 "$LAB_WORK/read_start.py" serve 8000
fault_client "/usr/bin/python3 $LAB_WORK/read_start.py $srv 8000"
lab_wait "$server_pid"
