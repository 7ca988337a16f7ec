#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A thread waits in recvfrom on a UDP socket; another closes the descriptor.
# No further datagram comes; the program is ended 4 s later.
# usage: close-while-blocked-udp-never.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init close-while-blocked-udp-never "$1"
fault_serve_udp 4000 "$act" udp "bind=$srv:4000" recvfrom=100 reply=10 \
    thread recvfrom=100 end sleep=500 close sleep=20000
fault_client "$act udp connect=$srv:4000 send=hello recv=100 sleep=4500"
fault_end TERM
