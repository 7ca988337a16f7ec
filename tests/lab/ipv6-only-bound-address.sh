#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The server is bound to the host's one IPv6 address; the client tries the
# host's IPv4 address.
# usage: ipv6-only-bound-address.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init ipv6-only-bound-address "$1"
fault_serve 6379 redis-server --port 6379 --bind "$(lab_addr6 server)" \
    --save '' --protected-mode no --dir "$LAB_WORK"
fault_client "redis-cli -h $srv ping"
fault_end TERM
