#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: Go's net/http on both ends: goroutines over several threads, 12
# clients at once with keep-alive; strace -ff, a file a thread, times.
# usage: go-http-server.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS="-ff -ttt -T -yy -s 700 -e $LAB_CALLS"
lab_init go-http "$1"
lab_host server
lab_host client
cp "$LAB_SRC/web.go" .
HOME=$LAB_WORK go build -o web web.go
lab_trace_bg server server.trace -- "$LAB_WORK/web" server :8000
srv=$LAB_PID
lab_wait_port server 8000
lab_trace client client.trace -- "$LAB_WORK/web" client \
    "http://$(lab_addr server):8000" 12
lab_stop "$srv"
lab_row server 'server.trace.*'
lab_row client 'client.trace.*'
