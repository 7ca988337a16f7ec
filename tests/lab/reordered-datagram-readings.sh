#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Numbered readings over UDP; on the way each fourth one is overtaken by the
# next.
# usage: reordered-datagram-readings.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init reordered-datagram-readings "$1"
fault_mangler port=5514 swap=4
fault_serve_udp 5514 "$act" udp bind=0.0.0.0:5514 timeout=1500 loop recv=500 end
fault_client "exec $act udp repeat=30 'say=$srv:5514/reading number' sleep=10 end"
lab_wait "$server_pid"
