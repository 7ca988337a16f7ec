#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Two socat servers are started for one port, each with SO_REUSEPORT. Clients
# are answered by the one or the other.
# usage: reuseaddr-clash-socat.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 256 -e ${LAB_CALLS/open,openat,/}"
fault_init reuseaddr-clash-socat "$1"
fault_serve 7000 sh -c "trap 'kill \$one \$two' TERM
socat TCP-LISTEN:7000,reuseport,fork 'SYSTEM:read x; echo first' & one=\$!
sleep 0.5
socat TCP-LISTEN:7000,reuseport,fork 'SYSTEM:read x; echo second' & two=\$!
wait
wait"
sleep 1
for i in 1 2 3 4 5 6 7 8; do
	lab_trace client client.trace -- sh -c "for i in 1 2 3 4 5 6 7 8; do \
echo who | socat -t2 - TCP:$srv:7000; done" || :
	! grep -q second client.trace.out || break
done
fault_end TERM
