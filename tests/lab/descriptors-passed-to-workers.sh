#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: the server's parent accepts and passes the connections to two
# worker processes with SCM_RIGHTS; clients are nc, several at a time.
# usage: descriptors-passed-to-workers.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 1024 -e $LAB_CALLS"
lab_init pass-fds "$1"
lab_host server
lab_host client
lab_py pass_fds
cat >clients.sh <<'SH'
for i in 1 2 3 4 5 6; do
	echo "question $i" | nc -N "$1" 7025 &
done
wait
SH
lab_trace_bg server server.trace -- /usr/bin/python3 -BIS pass_fds.py 7025 6
srv=$LAB_PID
lab_wait_port server 7025
lab_trace client client.trace -- sh clients.sh "$(lab_addr server)"
[ "$(grep -c 'process .*: question' client.trace.out)" = 6 ]
lab_wait "$srv"
lab_row server server.trace
lab_row client client.trace
