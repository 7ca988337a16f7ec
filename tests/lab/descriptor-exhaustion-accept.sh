#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A server may have four descriptors open: it can listen, but accept nobody.
# usage: descriptor-exhaustion-accept.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init descriptor-exhaustion-accept "$1"
fault_serve 7000 sh -c "ulimit -n 4; exec $act tcp reuse bind=0.0.0.0:7000 \
listen=5 accept=1 @0 sleep=1000 accept=1 @0 close"
fault_client "$act tcp connect=$srv:7000 send=hello recv=100 close"
lab_wait "$server_pid"
