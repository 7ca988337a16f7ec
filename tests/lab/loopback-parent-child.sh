#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: a Python parent and its child over loopback in one trace; the
# sockets are closed by the ends of the processes.
# usage: loopback-parent-child.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 1024 -e $LAB_CALLS"
lab_init loopback-python "$1"
lab_host server
lab_py loopback_pair
lab_trace server server.trace -- /usr/bin/python3 -BIS loopback_pair.py
lab_row server server.trace
