#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: UDP ping-pong between Python programs, two clients at once, one
# with a connected socket and one without.
# usage: udp-ping-pong-python.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS="-f -r -T -yy -s 1024 -e $LAB_CALLS"
lab_init udp-python "$1"
lab_host server
lab_host one
lab_host two
lab_py udp_ping
lab_trace_bg server server.trace -- /usr/bin/python3 -BIS udp_ping.py \
    server 7018 80
srv=$LAB_PID
lab_wait_port server 7018 udp
lab_trace_bg one one.trace -- /usr/bin/python3 -BIS udp_ping.py \
    connected "$(lab_addr server)" 7018 40
one=$LAB_PID
lab_trace two two.trace -- /usr/bin/python3 -BIS udp_ping.py \
    unconnected "$(lab_addr server)" 7018 40
lab_wait "$one"
lab_wait "$srv"
lab_row server server.trace
lab_row one one.trace
lab_row two two.trace
