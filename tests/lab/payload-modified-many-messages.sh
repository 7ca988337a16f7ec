#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A router changes a word in each of five messages of one connection: the more
# there are, the surer it is.
# usage: payload-modified-many-messages.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init payload-modified-many-messages "$1"
fault_rewriter price PRICE
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 accept=1 \
    repeat=5 read=100 send=ok end read=100 close @0 close
lab_trace client client.trace -- "$act" tcp "connect=$srv:7000" \
    repeat=5 'send=the price is 7' read=100 end close
lab_wait "$server_pid"
