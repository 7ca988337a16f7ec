#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# In the middle of a session the path begins to drop everything; the client,
# which has set TCP_USER_TIMEOUT, sends a request and then sends.
# usage: connection-died-at-send.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init connection-died-at-send "$1"
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 accept=1 \
    recv=100 send=welcome recv=100 send=welcome recv=100 close
(sleep 1; fault_filter -j DROP) &
fault_client "$act tcp usertimeout=2000 connect=$srv:7000 send=hello recv=100 \
sleep=2000 send=again sleep=4000 send=again close"
lab_stop "$server_pid" KILL
