#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: TLS 1.3 between nginx and curl, two requests on a connection.
# usage: tls13-nginx-curl.sh OUTDIR

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/nginx-lib.sh"
lab_init nginx-tls "$1"
lab_host server
lab_host client
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
    -keyout key.pem -out cert.pem -subj /CN=server -days 30 2>/dev/null
nginx_conf '443 ssl' off 'ssl_protocols TLSv1.3;' \
    "ssl_certificate $LAB_WORK/cert.pem;" \
    "ssl_certificate_key $LAB_WORK/key.pem;"
head -c 20000 www/big.txt >www/some.txt

lab_trace_bg server server.trace -- nginx -c "$LAB_WORK/nginx.conf"
srv=$LAB_PID
lab_wait_port server 443
url=https://$(lab_addr server)
lab_trace client client.trace -- curl -q -sS --cacert cert.pem -k --tlsv1.3 \
    "$url/" "$url/some.txt" -o index.copy -o some.copy
cmp www/some.txt some.copy
lab_stop "$srv" QUIT
lab_row server server.trace
lab_row client client.trace
