#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The router masquerades the client; two python clients exchange lines with a
# python server.
# usage: nat-undeclared-python.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init nat-undeclared-python "$1"
LAB_FLAGS+=' -s 200'
lab_py talk
lab_in router iptables -t nat -A POSTROUTING -s "$cli" -o to-server \
    -j MASQUERADE
fault_serve 8000 /usr/bin/python3 "$LAB_WORK/talk.py" serve 8000
fault_client "/usr/bin/python3 $LAB_WORK/talk.py $srv 8000 alpha; \
/usr/bin/python3 $LAB_WORK/talk.py $srv 8000 beta"
fault_end TERM
