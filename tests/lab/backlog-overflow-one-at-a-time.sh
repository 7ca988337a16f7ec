#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A server serves one client until that goes; two wait in its queue, the next
# ones' connects are not even answered. In the end it takes those that waited,
# who have gone.
# usage: backlog-overflow-one-at-a-time.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init backlog-overflow-one-at-a-time "$1"
LAB_FLAGS="-f -ttt -T -yy -s 512 -e $LAB_CALLS"
fault_serve 7012 "$act" tcp reuse bind=0.0.0.0:7012 listen=1 \
    repeat=3 accept=1 loop recv=100 send=answer end close @0 end
fault_client "
$act tcp connect=$srv:7012 send=question recv=100 sleep=6000 close & sleep 0.3
for i in 1 2 3 4; do
	timeout 4 $act tcp connect=$srv:7012 send=question recv=100 & sleep 0.05
done
wait"
lab_wait "$server_pid"
