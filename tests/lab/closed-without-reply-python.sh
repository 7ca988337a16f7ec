#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A python HTTP server whose handler raises for one of three requests: it
# closes that connection without an answer (curl: empty reply).
# usage: closed-without-reply-python.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init closed-without-reply-python "$1"
LAB_FLAGS+=' -s 400'
lab_py http_fails
fault_serve 8000 /usr/bin/python3 "$LAB_WORK/http_fails.py" 8000
fault_client "for f in apple plum pear; do
curl -q -sS http://$srv:8000/\$f; done"
fault_end TERM
