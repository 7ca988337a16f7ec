#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A thread's send of a megabyte blocks while the other end does not read;
# meanwhile another thread sends a few bytes on the same connection.
# usage: concurrent-sends.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS='-f -ttt -T -yy -s 512 -e trace=%network,%process,read,write,close,poll'
fault_init concurrent-sends "$1"
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 rcvbuf=8192 \
    accept=1 sleep=500 recvall=4194308 send=done recv=100 close
fault_client "$act tcp sndbuf=8192 connect=$srv:7000 \
thread fill=1048576 fill=1048576 fill=1048576 fill=1048576 end \
sleep=100 send=ping join recv=100 close"
lab_wait "$server_pid"
