#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The client sends 600 readings as fast as it can; the server needs 5 ms for each
# of them. Its socket's buffer, of the system's usual size, is full soon; the
# network loses none.
# usage: datagram-loss-slow-receiver.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init datagram-loss-slow-receiver "$1"
fault_serve_udp 5700 "$act" udp bind=0.0.0.0:5700 timeout=2000 \
    recvfrom=100 reply=4 loop recv=100 sleep=5 end close
fault_client "$act udp say=$srv:5700/hello recv=100 \
repeat=600 say=$srv:5700/reading end close"
lab_wait "$server_pid"
