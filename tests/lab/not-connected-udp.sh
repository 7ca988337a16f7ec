#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A client sends on a UDP socket without a destination, next to one that
# works.
# usage: not-connected-udp.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init not-connected-udp "$1"
fault_serve_udp 4000 "$act" udp "bind=$srv:4000" recvfrom=100 reply=10 close
fault_client "$act udp connect=$srv:4000 send=hello timeout=2000 recv=100 \
close udp send=again send=more close"
lab_wait "$server_pid"
