#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# TCP Fast Open, twice: with the first connection the client gets its cookie,
# with the second its request travels in the SYN.
# usage: fastopen-exchange.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init fastopen-exchange "$1"
lab_in server sysctl -qw net.ipv4.tcp_fastopen=1027
lab_in client sysctl -qw net.ipv4.tcp_fastopen=1
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 \
    repeat=2 @0 accept=1 recv=100 send=welcome recv=100 close end
fault_client "$act repeat=2 tcp fastopen=$srv:7000/hello recv=100 close end"
lab_wait "$server_pid"
