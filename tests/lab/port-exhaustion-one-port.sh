#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The client host has one local port left for outgoing connections: the
# second one to the same server fails while the first is open.
# usage: port-exhaustion-one-port.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init port-exhaustion-one-port "$1"
lab_in client sysctl -qw net.ipv4.ip_local_port_range='40000 40000'
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 accept=1 \
    recv=100 send=welcome recv=100 close
fault_client "$act tcp connect=$srv:7000 send=hello recv=100 \
@1 tcp connect=$srv:7000 close @0 close"
lab_wait "$server_pid"
