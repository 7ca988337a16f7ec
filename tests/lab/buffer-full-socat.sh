#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# socat receives a file for a program that does not read: once the pipe between
# them is full, it stops reading from the network, and the sender blocks until
# it is ended after four seconds.
# usage: buffer-full-socat.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init buffer-full-socat "$1"
LAB_FLAGS='-f -ttt -T -yy -s 32'
head -c 9000000 /dev/zero >zeros
fault_serve 7000 sh -c 'socat -u TCP-LISTEN:7000 STDOUT | sleep 8'
lab_trace_bg client client.trace -- socat -u FILE:zeros "TCP:$srv:7000"
sender=$LAB_PID
sleep 4
lab_stop "$sender"
lab_wait "$server_pid"
