#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Both on one host; the sender has turned IP_MULTICAST_LOOP off. The client only
# looks on.
# usage: multicast-loop-off.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_lan multicast-loop-off "$1"
fault_serve_udp 5517 "$act" udp reuse bind=0.0.0.0:5517 \
    group=239.1.1.1/10.9.0.1 timeout=2500 @1 fork udp mcastif=10.9.0.1 mcastloop=0 sleep=300 repeat=6 \
    say=239.1.1.1:5517/tick sleep=20 end end @0 recvfrom=500 wait
fault_client "exec $act sleep=10"
lab_wait "$server_pid"
