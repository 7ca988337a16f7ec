#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# After a healthy exchange a client makes a new socket and forgets to connect
# it before it sends, receives and shuts down.
# usage: not-connected-send.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init not-connected-send "$1"
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 accept=1 \
    recv=100 send=welcome recv=100 close
fault_client "$act tcp connect=$srv:7000 send=hello recv=100 close \
tcp send=again recv=100 shutwr close"
lab_wait "$server_pid"
