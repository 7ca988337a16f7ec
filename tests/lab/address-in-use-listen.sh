#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Two sockets bind the same port with SO_REUSEADDR, which is allowed as long
# as neither listens; the second to listen finds the port in use.
# usage: address-in-use-listen.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init address-in-use-listen "$1"
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 \
    @1 tcp reuse bind=0.0.0.0:7000 @0 listen=5 @1 listen=5 close \
    @0 accept=2 recv=100 send=welcome recv=100 close
fault_client "$act tcp connect=$srv:7000 send=hello recv=100 close"
lab_wait "$server_pid"
