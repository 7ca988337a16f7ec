#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Two nc keep their connections to redis quiet for 32 seconds, of which the
# router forgets them after 20; their next questions are dropped there.
# usage: idle-drop-nc-redis.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init idle-drop-nc-redis "$1"
LAB_FLAGS="-f -ttt -T -yy -s 512 -e $LAB_CALLS"
fault_stateful 20 DROP
fault_serve 6379 redis-server --port 6379 --bind "$srv" --save '' \
    --protected-mode no --dir "$LAB_WORK" --hz 1
fault_client "for i in 1 2; do
	(echo set key\$i value; sleep 32; echo get key\$i; sleep 9) |
	    timeout 37 nc $srv 6379 &
done
wait"
sleep 1
fault_end TERM
