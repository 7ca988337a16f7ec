#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# iperf3 --sctp on a client whose kernel has no SCTP: its control connection
# works, the test does not.
# usage: address-family-iperf3-sctp.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init address-family-iperf3-sctp "$1"
fault_serve 5201 iperf3 -s -p 5201
fault_client "iperf3 -c $srv -p 5201 --sctp -t 1"
fault_end TERM
