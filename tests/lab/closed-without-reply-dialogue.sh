#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A server answers a client's first request and closes on the next one of the
# same kind, which it has read. Another client takes its leave: nothing is
# wrong with that.
# usage: closed-without-reply-dialogue.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init closed-without-reply-dialogue "$1"
LAB_FLAGS="-f -ttt -T -yy -s 512 -e $LAB_CALLS"
fault_serve 7014 "$act" tcp reuse bind=0.0.0.0:7014 listen=5 \
    repeat=2 accept=1 recv=100 send=20 recv=100 sleep=20 close @0 end
fault_client "$act tcp connect=$srv:7014 'send=DIV 100 5' recv=100 \
'send=QUIT' recv=100 close tcp connect=$srv:7014 'send=DIV 100 5' recv=100 \
'send=DIV 100 0' recv=100 close"
lab_wait "$server_pid"
