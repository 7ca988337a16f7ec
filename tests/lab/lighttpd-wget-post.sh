#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# lighttpd answers a POST without reading its body: it throws it away with
# MSG_TRUNC. Before that, files on a kept-alive connection.
# usage: lighttpd-wget-post.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 16384 -e $LAB_CALLS"
fault_init lighttpd-wget-post "$1"
mkdir www
seq 1 2000 >www/big
echo hi >www/a
cat >lighttpd.conf <<CONF
server.document-root = "$LAB_WORK/www"
server.port = 8081
server.network-backend = "writev"
CONF
fault_serve 8081 lighttpd -D -f lighttpd.conf
fault_client "wget -q -O got http://$srv:8081/a http://$srv:8081/big; \
wget -q -O - --method=POST --body-data=xx http://$srv:8081/a"
fault_end TERM
