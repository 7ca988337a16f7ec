#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: two programs of the server receive what is sent to a group, on one
# port by SO_REUSEADDR.
# usage: shared-port-multicast.sh OUTDIR

# shellcheck disable=SC2016 # another program expands it
. "$(dirname "$0")/fault-lib.sh"
fault_init shared-port-multicast "$1"
lab_row server second.trace
recv=UDP4-RECV:7000,bind=239.1.2.3,reuseaddr
recv+=,ip-add-membership=239.1.2.3:10.0.1.2
fault_serve_udp 7000 timeout 4 socat -u "$recv" STDOUT
lab_trace_bg server second.trace -- timeout 4 socat -u "$recv" STDOUT
second=$LAB_PID
sleep 1
lab_row server sender.trace
lab_trace server sender.trace -- sh -c 'for i in 1 2 3; do
echo note $i | socat -u STDIN UDP4-DATAGRAM:239.1.2.3:7000,ip-multicast-if=10.0.1.2
done'
fault_client "true"
lab_wait "$server_pid"
lab_wait "$second"
