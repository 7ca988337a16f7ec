#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: the same messages in two parts with TCP_NODELAY, and in one.
# usage: small-writes-at-once.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init small-writes-at-once "$1"
lab_py two_parts
fault_serve 7200 /usr/bin/python3 -BIS "$LAB_WORK/two_parts.py" serve 7200
fault_client "for how in nodelay once; do
/usr/bin/python3 -BIS $LAB_WORK/two_parts.py ask $srv 7200 \$how; done"
fault_end TERM
