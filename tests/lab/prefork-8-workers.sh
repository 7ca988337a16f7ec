#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: 8 workers accept on one inherited nonblocking listener, so that
# several wake for one connection and most find none; 4 client processes
# with 4 connections open at a time, 64 in all.
# usage: prefork-8-workers.sh OUTDIR

. "$(dirname "$0")/lib.sh"
lab_init prefork "$1"
lab_host server
lab_host client
lab_cc prefork

# setsid: the server signals its whole process group at its end
lab_trace_bg server server.trace -- setsid "$LAB_WORK/prefork" server 7000 8
srv=$LAB_PID
lab_wait_port server 7000
lab_trace client client.trace -- "$LAB_WORK/prefork" client \
    "$(lab_addr server)" 7000 64
sleep 0.3
lab_stop "$srv"
lab_row server server.trace
lab_row client client.trace
