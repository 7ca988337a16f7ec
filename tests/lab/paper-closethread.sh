#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Table 4, closethread: a thread of the HTTP client waits for a slow answer;
# another one, the watchdog, closes its socket after a second, which does not
# wake it.
# usage: paper-closethread.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"
fault_init paper-closethread "$1"
lab_py slow_answer
lab_py watchdog
fault_serve 8000 python3 slow_answer.py 8000 6
fault_client "python3 watchdog.py $srv 8000"
fault_end TERM
