#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: a server that reads a file through an io_uring, and serves the
# network with plain calls: all that matters is in its trace.
# usage: io-uring-files-only.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init io-uring-files-only "$1"
lab_cc ring
fault_serve 7000 "$LAB_WORK/ring" files 7000 2
fault_client "$act repeat=2 tcp connect=$srv:7000 send=hello recv=100 \
send=again recv=100 close end"
lab_wait "$server_pid"
