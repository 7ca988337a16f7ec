#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Two faults on different sockets: nothing listens on the port of the log, and
# the datagrams with the readings are longer than the server's buffer.
# usage: two-faults-refused-and-truncated.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init two-faults-refused-and-truncated "$1"
fault_serve_udp 7000 "$act" udp bind=0.0.0.0:7000 repeat=6 recvfrom=512 \
    reply=9 end close
fault_client "$act @1 tcp connect=$srv:7001 close @0 udp connect=$srv:7000 \
repeat=3 fill=300 recv=100 fill=900 recv=100 end @1 tcp connect=$srv:7001 close"
lab_wait "$server_pid"
