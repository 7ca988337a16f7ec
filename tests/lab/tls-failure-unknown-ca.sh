#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# curl does not know who signed nginx's certificate: TLS 1.3, so its alert is
# encrypted.
# usage: tls-failure-unknown-ca.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/tls-lib.sh"
fault_init tls-failure-unknown-ca "$1"
tls_cert cert server.example
tls_nginx 'ssl_protocols TLSv1.2 TLSv1.3;'
lab_trace client client.trace -f -ttt -T -yy -s 300 -e "$LAB_CALLS" -- \
    curl -q -sS --resolve "server.example:443:$srv" \
    https://server.example/ || :
fault_end QUIT
