#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# After an exchange that works the way between the hosts is lost: the second
# question never arrives though the server waits for it. The client gives up
# after some seconds, before its system does.
# usage: data-undelivered-path-lost.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init data-undelivered-path-lost "$1"
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 accept=1 \
    recv=100 send=welcome poll=6000 close
fault_client "$act tcp connect=$srv:7000 send=hello recv=100 sleep=1000 \
'send=a question that gets lost' poll=3500 close" &
client_pid=$!
sleep 0.8
fault_filter -j DROP
wait "$client_pid"
lab_wait "$server_pid"
