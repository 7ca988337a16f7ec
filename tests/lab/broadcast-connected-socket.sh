#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: wake-on-LAN: a connected socket sends to its network's broadcast
# address.
# usage: broadcast-connected-socket.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_lan broadcast-connected-socket "$1"
LAB_FLAGS="-f -ttt -T -yy -s 512 -e $LAB_CALLS"
fault_serve_udp 9 "$act" udp bind=0.0.0.0:9 repeat=3 recvfrom=512 end close
fault_client "$act udp broadcast connect=10.9.0.255:9 fill=102 fill=102 \
fill=102 close"
lab_wait "$server_pid"
