#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The client wants to send an urgent byte over UDP, which has none: EOPNOTSUPP.
# The server never gets it.
# usage: oob-data-datagram.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init oob-data-datagram "$1"
fault_serve_udp 7000 "$act" udp bind=0.0.0.0:7000 recvfrom=100 reply=9 \
    poll=1500 close
fault_client "$act udp connect=$srv:7000 'send=a message' recv=100 oob=! \
poll=500 close"
lab_wait "$server_pid"
