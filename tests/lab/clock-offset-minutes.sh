#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: the clock of the client's recording is 150 s fast.
# usage: clock-offset-minutes.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init clock-offset-minutes "$1"
clock=/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 repeat=3 \
    @0 accept=1 recv=100 send=welcome close end
# shellcheck disable=SC2086 # several options
(lab_env client env LD_PRELOAD=$clock FAKETIME=+150 strace $LAB_FLAGS \
    -o "$LAB_OUT/client.trace" env -u LD_PRELOAD -u FAKETIME \
    "$act" repeat=3 tcp "connect=$srv:7000" send=hello recv=100 close \
    sleep=100 end) 3>&- 4>&- 5>&-
lab_wait "$server_pid"
