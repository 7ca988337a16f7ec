#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A client waits for an answer that takes two seconds; the end of a child
# interrupts it, and it takes EINTR for a failure.
# usage: interrupted-call-child.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init interrupted-call-child "$1"
lab_py slow_http
cp "$LAB_SRC/interrupted.pl" .
LAB_FLAGS="-f -ttt -T -yy -s 512 -e $LAB_CALLS"
fault_serve 8080 /usr/bin/python3 -BIS slow_http.py serve 8080 2
fault_client "exec perl interrupted.pl $srv 8080 never"
sleep 2
fault_end TERM
