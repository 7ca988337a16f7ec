#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# socat is told to set TCP_NODELAY on a datagram socket, cannot, and gives up.
# usage: invalid-socket-option-socat.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init invalid-socket-option-socat "$1"
fault_serve_udp 7000 socat UDP-LISTEN:7000,reuseaddr,fork EXEC:cat
fault_client "echo question | socat -t1 - UDP:$srv:7000,setsockopt-int=6:1:1"
fault_end TERM
