#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A server that accepts, receives and sends through an io_uring: its trace
# shows the listening socket and nothing else of the network. Nothing is wrong.
# usage: untraced-io-uring-server.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init untraced-io-uring-server "$1"
lab_cc ring
fault_serve 7000 "$LAB_WORK/ring" net 7000 2
fault_client "$act repeat=2 tcp connect=$srv:7000 send=hello recv=100 \
send=again recv=100 close end"
lab_wait "$server_pid"
