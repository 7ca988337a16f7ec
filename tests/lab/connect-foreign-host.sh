#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A client and a server that is in no trace, on a host that is in none.
# usage: connect-foreign-host.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_hosts connect-foreign-host "$1"
lab_row client client.trace
lab_in_bg server "$act" tcp reuse bind=0.0.0.0:7000 listen=5 accept=1 \
    recv=100 send=welcome recv=100 close
lab_wait_port server 7000
fault_client "$act tcp connect=$srv:7000 send=hello recv=100 close"
