#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A host without TCP Fast Open: the client is told so and connects plainly.
# usage: fastopen-not-allowed.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init fastopen-not-allowed "$1"
lab_in client sysctl -qw net.ipv4.tcp_fastopen=0
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 accept=1 \
    recv=100 send=welcome recv=100 close
fault_client "$act tcp fastopen=$srv:7000/hello connect=$srv:7000 \
send=hello recv=100 close"
lab_wait "$server_pid"
