#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# TLS 1.2 with a certificate for another name: python's alert is in plain.
# usage: tls-failure-name-python.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/tls-lib.sh"
fault_init tls-failure-name-python "$1"
tls_cert cert other.example
tls_nginx 'ssl_protocols TLSv1.2;'
lab_trace client client.trace -f -ttt -T -yy -s 300 -e "$LAB_CALLS" -- \
    /usr/bin/python3 -BISc "import socket, ssl
c = ssl.create_default_context(cafile='$LAB_WORK/cert.pem')
c.wrap_socket(socket.create_connection(('$srv', 443)),
              server_hostname='server.example')" || :
fault_end QUIT
