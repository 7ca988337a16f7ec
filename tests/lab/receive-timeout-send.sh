#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A client sends 8 MB with SO_SNDTIMEO to a server that reads nothing for
# three seconds: the send returns short, the next one fails, it gives up.
# usage: receive-timeout-send.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init receive-timeout-send "$1"
LAB_FLAGS='-f -ttt -T -yy -s 64'
fault_serve 7000 "$act" tcp reuse rcvbuf=65536 bind=0.0.0.0:7000 listen=5 \
    accept=1 sleep=5000 close
fault_client "exec /usr/bin/perl -MSocket -e 'socket(S, PF_INET, SOCK_STREAM, 0);
setsockopt(S, SOL_SOCKET, SO_SNDTIMEO, pack(q(l!l!), 1, 0));
connect(S, sockaddr_in(7000, inet_aton(q($srv)))) or die;
for (1..8) { defined(syswrite(S, q(x) x 1000000)) or die qq(\$!\n) }'"
lab_wait "$server_pid"
