#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: the paper's Figure 6, first order. A binds and listens, B connects
# and is let in.
# usage: figure-6-connect-after-listen.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init figure-6-connect-after-listen "$1"
fault_serve 7006 "$act" tcp reuse bind=0.0.0.0:7006 listen=1 accept=1 \
    read=100 send=ok shutwr read=100 close @0 close
lab_trace client client.trace -- "$act" tcp "connect=$srv:7006" send=hello \
    read=100 read=100 close
lab_wait "$server_pid"
