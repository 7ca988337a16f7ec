#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: iperf3 sends 4 MB on two streams, then receives 2 MB (-R); short
# strings, times of day to the second, no durations.
# usage: iperf3-small.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS='-f -t -yy -s 64 -e trace=network,desc,process'
lab_init iperf3 "$1"
lab_host server
lab_host client
lab_trace_bg server server.trace -- iperf3 -s -p 5201
srv=$LAB_PID
lab_wait_port server 5201
lab_trace client client.trace -- iperf3 -c "$(lab_addr server)" -n 2M -P 2
lab_wait_port server 5201
lab_trace client client-reverse.trace -- iperf3 -c "$(lab_addr server)" \
    -n 2M -R
lab_stop "$srv"
lab_row server server.trace
lab_row client client.trace
lab_row client client-reverse.trace
