#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The router masquerades and gives ports of its own choice; socat sends.
# usage: nat-undeclared-ports-changed.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init nat-undeclared-ports-changed "$1"
lab_in router iptables -t nat -A POSTROUTING -p tcp -o to-server -j MASQUERADE \
    --to-ports 2000-2010
fault_serve 3000 socat TCP-LISTEN:3000,fork,reuseaddr EXEC:cat
fault_client "echo some words for the echo | socat -t2 - TCP:$srv:3000; \
echo other words here | socat -t2 - TCP:$srv:3000"
fault_end TERM
