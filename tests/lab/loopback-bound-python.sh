#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A python server binds localhost; a client on its own host is served, two
# attempts from another host are refused.
# usage: loopback-bound-python.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init loopback-bound-python "$1"
LAB_FLAGS+=' -s 200'
lab_row server local.trace
fault_serve 8000 /usr/bin/python3 -m http.server -b 127.0.0.1 -d . 8000
lab_trace server local.trace -- curl -sS -I http://127.0.0.1:8000/
fault_client "$act tcp connect=$srv:8000 close sleep=500 tcp \
connect=$srv:8000 close"
fault_end INT
