#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A server ends its accepting thread by a shutdown of the listening socket,
# as many do: accept returns EINVAL.
# usage: listener-shut-down-to-end.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init listener-shut-down-to-end "$1"
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 \
    thread accept=1 recv=100 send=welcome recv=100 close @0 accept=2 end \
    sleep=1000 shutdown join close
fault_client "$act tcp connect=$srv:7000 send=hello recv=100 close"
lab_wait "$server_pid"
