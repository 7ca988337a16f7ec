#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A client asks three times over UDP, with SO_RCVTIMEO; the server reads the
# questions and never answers.
# usage: receive-timeout-udp.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init receive-timeout-udp "$1"
fault_serve_udp 7000 "$act" udp bind=0.0.0.0:7000 repeat=3 recvfrom=100 end
fault_client "$act udp timeout=600 repeat=3 say=$srv:7000/question \
recvfrom=100 end close"
lab_wait "$server_pid"
