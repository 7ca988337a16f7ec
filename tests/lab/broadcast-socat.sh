#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: broadcasts that are received, to the network's address and to the
# general one.
# usage: broadcast-socat.sh OUTDIR

# shellcheck disable=SC2016 # another program expands it
. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 200 -e $LAB_CALLS"
fault_lan broadcast-socat "$1"
fault_serve_udp 5516 socat -T3 -u UDP-RECV:5516 STDOUT
fault_client 'for i in 1 2 3 4 5; do
echo "wake up $i" | socat -u STDIN UDP-SENDTO:10.9.0.255:5516,broadcast
echo "all $i" | socat -u STDIN UDP-SENDTO:255.255.255.255:5516,broadcast
done'
lab_wait "$server_pid"
