#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# bash connects through /dev/tcp to a host that the router hides; timeout(1)
# kills it after 5 s. Twice.
# usage: connection-timeout-connect-killed.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init connection-timeout-connect-killed "$1"
fault_filter -d "$srv" -j DROP
LAB_FLAGS='-f -tt -yy'
fault_serve 4444 nc -lk 4444
fault_client "timeout 5 bash -c 'echo hi >/dev/tcp/$srv/4444'; \
timeout 5 bash -c 'echo hi >/dev/tcp/$srv/4444'"
fault_end TERM
