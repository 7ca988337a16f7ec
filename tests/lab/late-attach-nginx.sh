#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: strace -p attaches to the workers of an nginx that runs already,
# in the middle of a download that is throttled by the server; then another
# request on the same connection and one on a new one. The client's trace
# begins late, too, at the same connection.
# usage: late-attach-nginx.sh OUTDIR

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/nginx-lib.sh"
LAB_FLAGS='-f -ttt -T -yy -s 16384'
lab_init nginx-late "$1"
lab_host server
lab_host client
nginx_conf 80 off
head -c 60000 www/big.txt >www/slow.txt
sed -i 's|^listen|location /slow.txt { limit_rate 20k; }\n&|' nginx.conf

lab_in_bg server nginx -c "$LAB_WORK/nginx.conf"
nginx=$LAB_PID
lab_wait_port server 80
url=http://$(lab_addr server)
lab_in_bg client curl -q -sS "$url/slow.txt" "$url/" -o slow.copy \
    -o index.copy
curl=$LAB_PID
lab_wait_for test -s slow.copy
# shellcheck disable=SC2046
lab_attach server server.trace -- "$nginx" $(pgrep -P "$nginx")
srv=$LAB_PID
lab_attach client client.trace -- "$curl"
cli=$LAB_PID
lab_wait "$curl"
lab_wait "$cli"
cmp www/slow.txt slow.copy
cmp www/index.html index.copy
lab_trace client client-new.trace -- curl -q -sS "$url/"
kill -QUIT "$nginx"
lab_wait "$nginx"
lab_wait "$srv"
lab_row server server.trace
lab_row client client.trace
lab_row client client-new.trace
