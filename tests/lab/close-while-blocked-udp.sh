#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A thread waits in recvfrom on a UDP socket; another closes the descriptor.
# A datagram 2 s later wakes the thread.
# usage: close-while-blocked-udp.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init close-while-blocked-udp "$1"
fault_serve_udp 4000 "$act" udp "bind=$srv:4000" \
    thread recvfrom=100 end sleep=500 close join sleep=300
fault_client "$act udp connect=$srv:4000 sleep=2500 send=wake sleep=300 close"
lab_wait "$server_pid"
