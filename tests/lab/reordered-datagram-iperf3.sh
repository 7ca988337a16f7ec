#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# iperf3 over UDP through a network that lets datagrams overtake each other.
# usage: reordered-datagram-iperf3.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 128 -e $LAB_CALLS"
fault_init reordered-datagram-iperf3 "$1"
fault_mangler port=5201 swap=9
fault_serve 5201 iperf3 -s -1 --forceflush
fault_client "exec iperf3 -u -c $srv -b 400K -l 500 -t 2"
lab_wait "$server_pid"
