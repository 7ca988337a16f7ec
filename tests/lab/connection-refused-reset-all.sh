#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# As connection-refused-reject-all, with TCP resets, redis, and one client
# process that tries again every second.
# usage: connection-refused-reset-all.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init connection-refused-reset-all "$1"
fault_filter -d "$srv" -p tcp -j REJECT --reject-with tcp-reset
fault_serve 6379 redis-server --port 6379 --bind "$srv" --save '' \
    --protected-mode no --dir "$LAB_WORK"
sleep 1
fault_client "$act repeat=5 tcp connect=$srv:6379 close sleep=1000 end"
fault_end TERM
