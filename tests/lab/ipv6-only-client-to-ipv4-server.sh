#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A Python server on 0.0.0.0; nc -6 by its IPv6 address.
# usage: ipv6-only-client-to-ipv4-server.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init ipv6-only-client-to-ipv4-server "$1"
LAB_FLAGS="-f -r -yy -e $LAB_CALLS"
fault_serve 9610 python3 -m http.server -b 0.0.0.0 9610
fault_client "echo | nc -6 -w 3 $(lab_addr6 server) 9610; echo | nc -6 -w 3 $(lab_addr6 server) 9610"
fault_end INT
