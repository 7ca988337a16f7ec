#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A router forwards the group, but the sender leaves IP_MULTICAST_TTL at 1.
# usage: multicast-ttl-router.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init multicast-ttl-router "$1"
fault_serve_udp 5517 "$act" udp reuse bind=0.0.0.0:5517 \
    group=239.1.1.1/10.0.1.2 timeout=2500 recvfrom=500
fault_client "exec $act udp mcastif=10.0.2.2 repeat=6 say=239.1.1.1:5517/tick sleep=20 end"
lab_wait "$server_pid"
