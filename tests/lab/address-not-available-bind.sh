#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A server is told to listen on an address that its host does not have.
# usage: address-not-available-bind.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init address-not-available-bind "$1"
fault_serve 7001 "$act" tcp bind=10.0.77.2:7000 close \
    tcp reuse bind=0.0.0.0:7001 listen=5 accept=1 recv=100 send=hello close
fault_client "$act tcp connect=$srv:7000 close \
tcp connect=$srv:7001 send=hello recv=100 recv=100 close"
lab_wait "$server_pid"
