#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: aria2 sends its request by write, which strace -e trace=network does
# not show; nor does it show how either end learns that the other has closed.
# usage: network-calls-only-aria2.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS='-f -tt -T -yy -s 200 -e trace=network'
fault_init network-calls-only-aria2 "$1"
mkdir files
head -c 60000 /dev/urandom >files/a
fault_serve 8000 /usr/bin/python3 -m http.server -d "$LAB_WORK/files" 8000
fault_client "aria2c --no-conf -q -d '$LAB_WORK' -o got http://$srv:8000/a"
cmp files/a got
fault_end TERM
