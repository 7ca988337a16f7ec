#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Numbered readings over UDP; the network delivers each fifth one twice.
# usage: duplicate-datagram-sensor.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init duplicate-datagram-sensor "$1"
fault_mangler port=5514 twice=5
fault_serve_udp 5514 "$act" udp bind=0.0.0.0:5514 timeout=1500 loop recv=500 end
fault_client "exec $act udp repeat=30 'say=$srv:5514/reading number' sleep=10 end"
lab_wait "$server_pid"
