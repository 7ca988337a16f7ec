#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Table 4, max1: a Python server that serves one connection at a time, with a
# queue of one; the first client keeps it, two others wait in the queue and the
# rest never get that far.
# usage: paper-max1.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"
fault_init paper-max1 "$1"
lab_py one_at_a_time
fault_serve 8000 python3 one_at_a_time.py 8000
fault_client "curl -q -sS http://$srv:8000/slow & sleep 0.5
for i in 1 2 3 4; do curl -q -sS -m 6 http://$srv:8000/ & done; wait"
fault_end TERM
