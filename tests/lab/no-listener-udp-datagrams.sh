#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A connected UDP sender goes on although the port of the receiver is not
# bound; the receiver waits on the port next to it.
# usage: no-listener-udp-datagrams.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init no-listener-udp-datagrams "$1"
fault_serve_udp 4001 "$act" udp "bind=$srv:4001" timeout=4000 recvfrom=2000
fault_client "$act udp connect=$srv:4000 repeat=8 fill=120 sleep=200 end close"
lab_wait "$server_pid"
