#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: UDP with sendmmsg and recvmmsg, from a connected and from an
# unconnected socket, one after the other to one server.
# usage: udp-ping-pong-mmsg.sh OUTDIR

. "$(dirname "$0")/lib.sh"
lab_init udpmmsg "$1"
lab_host server
lab_host client
lab_cc udpmmsg
lab_trace_bg server server.trace -- "$LAB_WORK/udpmmsg" server 7017 20
srv=$LAB_PID
lab_wait_port server 7017 udp
for kind in connected unconnected; do
	lab_trace client "client-$kind.trace" -- "$LAB_WORK/udpmmsg" "$kind" \
	    "$(lab_addr server)" 7017 10
done
lab_wait "$srv"
lab_row server server.trace
lab_row client client-connected.trace
lab_row client client-unconnected.trace
