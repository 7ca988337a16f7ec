#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A web server reads a request and then does something else for four seconds;
# curl gives up after two of them without a word from it.
# usage: receive-timeout-silent.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init receive-timeout-silent "$1"
LAB_FLAGS="-f -tt -yy -s 128 -e $LAB_CALLS"
fault_serve 8080 "$act" tcp bind=0.0.0.0:8080 listen=5 \
    accept=1 recv=256 sleep=4000
fault_client "curl -sm 2 http://$srv:8080/status"
lab_wait "$server_pid"
