#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A client binds its socket to 127.0.0.1 and then connects to another host.
# usage: loopback-bound-client.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init loopback-bound-client "$1"
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 accept=1 \
    recv=100 send=welcome recv=100 close
fault_client "$act tcp bind=127.0.0.1:0 connect=$srv:7000 close \
tcp connect=$srv:7000 send=hello recv=100 close"
lab_wait "$server_pid"
