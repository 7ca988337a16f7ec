#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Nothing listens on the port. The client takes the readiness for output for
# success, without a look at SO_ERROR, and writes.
# usage: nonblocking-connect-misuse-error-ignored.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init nonblocking-connect-misuse-error-ignored "$1"
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 \
    accept=1 recv=100 send=welcome close
fault_client "$act @1 tcp nonblock connect=$srv:7001 pollout=2000 \
send=hello recv=100 close @0 tcp connect=$srv:7000 send=hello recv=100 close"
lab_wait "$server_pid"
