#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The group is to be joined on an address that the host does not have: ENODEV.
# usage: multicast-cannot-join.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_lan multicast-cannot-join "$1"
fault_serve_udp 5517 "$act" udp reuse bind=0.0.0.0:5517 \
    group=239.1.1.1/10.7.7.7 timeout=1500 recvfrom=500
fault_client "exec $act udp mcastif=10.9.0.2 repeat=6 say=239.1.1.1:5517/tick sleep=20 end"
lab_wait "$server_pid"
