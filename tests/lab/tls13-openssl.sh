#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: openssl s_server -www and s_client, TLS 1.3, then TLS 1.2.
# usage: tls13-openssl.sh OUTDIR

. "$(dirname "$0")/lib.sh"
lab_init openssl "$1"
lab_host server
lab_host client
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
    -keyout key.pem -out cert.pem -subj /CN=server -days 30 2>/dev/null

lab_trace_bg server server.trace -- openssl s_server -accept 4433 -www \
    -cert cert.pem -key key.pem -naccept 2
srv=$LAB_PID
lab_wait_port server 4433
for version in 1_3 1_2; do
	lab_trace client "client-$version.trace" -- sh -c "printf \
	    'GET / HTTP/1.0\r\n\r\n' | openssl s_client -tls$version -ign_eof \
	    -connect $(lab_addr server):4433"
	grep -q 'HTTP/1.0 200 ok' "client-$version.trace.out"
done
lab_wait "$srv"
lab_row server server.trace
lab_row client client-1_3.trace
lab_row client client-1_2.trace
