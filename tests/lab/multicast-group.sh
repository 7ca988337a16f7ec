#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: a group joined on the right network; two sockets there receive all.
# usage: multicast-group.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_lan multicast-group "$1"
fault_serve_udp 5517 "$act" udp reuse bind=0.0.0.0:5517 \
    group=239.1.1.1/10.9.0.1 timeout=2500 @1 udp reuse bind=239.1.1.1:5517 \
    group=239.1.1.1/10.9.0.1 timeout=2500 @0 thread @0 loop recvfrom=500 end end thread @1 loop \
    recvfrom=500 end end join
fault_client "exec $act udp mcastif=10.9.0.2 mcastttl=2 repeat=12 say=239.1.1.1:5517/tick sleep=20 end"
lab_wait "$server_pid"
