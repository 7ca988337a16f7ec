#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: curl, haproxy, nginx on a host each, all three traced.
# usage: haproxy-three-hosts.sh OUTDIR

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/nginx-lib.sh"
. "$(dirname "$0")/haproxy-lib.sh"
lab_init haproxy "$1"
haproxy_exchange
lab_row server server.trace
lab_row proxy proxy.trace
lab_row client client.trace
