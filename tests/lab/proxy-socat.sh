#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A client talks to redis through socat on a third host, untraced.
# usage: proxy-socat.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init proxy-socat "$1"
LAB_FLAGS="-f -ttt -T -yy -s 400 -e $LAB_CALLS"
lab_host middle
fault_serve 6379 redis-server --port 6379 --bind "$srv" --save '' \
    --protected-mode no --dir "$LAB_WORK" --hz 1
lab_in_bg middle socat TCP-LISTEN:7000,fork,reuseaddr "TCP:$srv:6379"
lab_wait_port middle 7000
fault_client "printf 'set greeting hello\r\nget greeting\r\nquit\r\n' |
    nc -q 2 $(lab_addr middle) 7000"
fault_end TERM
