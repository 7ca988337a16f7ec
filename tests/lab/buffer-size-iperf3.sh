#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# iperf3 asks for socket buffers of 512 MB; the kernel gives it what the
# system allows, and iperf3 gives up.
# usage: buffer-size-iperf3.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init buffer-size-iperf3 "$1"
fault_serve 5201 iperf3 -s -p 5201
fault_client "iperf3 -c $srv -p 5201 -w 512M -t 1"
fault_end TERM
