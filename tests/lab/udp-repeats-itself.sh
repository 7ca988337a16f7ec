#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: the sender itself sends everything twice, and some of it in turns.
# usage: udp-repeats-itself.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init udp-repeats-itself "$1"
fault_serve_udp 5514 "$act" udp bind=0.0.0.0:5514 timeout=1500 loop recv=500 end
fault_client "exec $act udp repeat=12 sendto=$srv:5514/100 sendto=$srv:5514/100 \
sleep=5 sendto=$srv:5514/300 sendto=$srv:5514/200 sendto=$srv:5514/300 end"
lab_wait "$server_pid"
