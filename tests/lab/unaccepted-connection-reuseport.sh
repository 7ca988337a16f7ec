#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A server has two SO_REUSEPORT listeners for its port and accepts from one
# only. Each client process sends a request and waits 1.5 s for the answer;
# in the end one that tries again until it is answered.
# usage: unaccepted-connection-reuseport.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init unaccepted-connection-reuseport "$1"
fault_serve 7000 "$act" @1 tcp reuseport bind=0.0.0.0:7000 listen=20 \
    @2 tcp reuseport bind=0.0.0.0:7000 listen=20 \
    @1 repeat=40 @1 accept=3 recv=100 send=answer close end
fault_client "for i in 1 2 3 4 5 6 7 8; do \
$act tcp connect=$srv:7000 send=question poll=1500 close & done; wait; \
until $act tcp connect=$srv:7000 send=question poll=1500 check close; do :; \
done"
fault_end TERM
