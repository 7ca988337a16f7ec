#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The server wants a certificate of its clients; openssl's client has none and
# has sent its request already when the alert, encrypted, comes.
# usage: tls-failure-client-certificate.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/tls-lib.sh"
fault_init tls-failure-client-certificate "$1"
tls_cert cert server.example
fault_serve 4433 openssl s_server -accept 4433 -cert "$LAB_WORK/cert.pem" \
    -key "$LAB_WORK/cert.key" -Verify 1 -WWW
lab_trace client client.trace -f -ttt -T -yy -s 300 -e "$LAB_CALLS" -- \
    curl -q -sS -k "https://$srv:4433/cert.pem" || :
fault_end TERM
