#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: curl, haproxy, nginx on a host each; of the host with nginx there
# is no trace.
# usage: haproxy-backend-untraced.sh OUTDIR

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/nginx-lib.sh"
. "$(dirname "$0")/haproxy-lib.sh"
LAB_FLAGS='-f -ttt -T -yy -s 4096'
lab_init haproxy "$1"
haproxy_exchange
rm "$LAB_OUT/server.trace"
lab_row proxy proxy.trace
lab_row client client.trace
