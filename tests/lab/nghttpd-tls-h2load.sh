#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: HTTP/2 over TLS: nghttpd with three threads, h2load with four
# connections of ten streams each.
# usage: nghttpd-tls-h2load.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS="-f -ttt -yy -s 200 -e $LAB_CALLS"
lab_init nghttpd "$1"
lab_host server
lab_host client
mkdir www
seq 5000 >www/numbers.txt
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
    -keyout key.pem -out cert.pem -subj /CN=server -days 30 2>/dev/null
lab_trace_bg server server.trace -- nghttpd -n 3 -d "$LAB_WORK/www" 8443 \
    "$LAB_WORK/key.pem" "$LAB_WORK/cert.pem"
srv=$LAB_PID
lab_wait_port server 8443
lab_trace client client.trace -- h2load -n 80 -c 4 -t 2 -m 10 \
    "https://$(lab_addr server):8443/numbers.txt"
grep -q '80 succeeded' client.trace.out
lab_stop "$srv"
lab_row server server.trace
lab_row client client.trace
