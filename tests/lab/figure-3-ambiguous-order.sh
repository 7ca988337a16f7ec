#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: the paper's Figure 3. A sends "hello" and receives "hi"; B sends
# "hi" and its nonblocking receive finds nothing, as A's is not there yet.
# Nothing in the traces says whether B's receive was before A's send.
# usage: figure-3-ambiguous-order.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 1024 -e $LAB_CALLS"
lab_init figure-3 "$1"
lab_host a
lab_host b
lab_py figure_3
mkfifo a.in b.in
lab_trace_bg a a.trace -- sh -c "exec /usr/bin/python3 -BIS figure_3.py \
    7003 $(lab_addr b) 7004 hello 0.2 <a.in"
a=$LAB_PID
exec 4>a.in
lab_trace_bg b b.trace -- sh -c "exec /usr/bin/python3 -BIS figure_3.py \
    7004 $(lab_addr a) 7003 hi 0 <b.in"
b=$LAB_PID
exec 5>b.in
lab_wait_for grep -q ready a.trace.out
lab_wait_for grep -q ready b.trace.out
echo go >&5
lab_wait_for grep -q 'nothing yet' b.trace.out
echo go >&4
lab_wait_for grep -q hi a.trace.out
exec 4>&- 5>&-
lab_wait "$a"
lab_wait "$b"
lab_row a a.trace
lab_row b b.trace
