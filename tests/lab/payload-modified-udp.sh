#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The router changes bytes in some of the datagrams of a flow.
# usage: payload-modified-udp.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init payload-modified-udp "$1"
fault_rewriter 'level=1' 'level=9'
fault_serve_udp 4000 "$act" udp "bind=$srv:4000" repeat=9 recvfrom=500 end \
    'reply=64' close
fault_client "$act udp connect=$srv:4000 repeat=3 \
'send=station north level=1 wind=12' sleep=100 \
'send=station east level=3 wind=7' sleep=100 \
'send=station south-west level=2' sleep=100 end timeout=2000 recv=100 close"
lab_wait "$server_pid"
