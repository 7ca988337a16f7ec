#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# wget (GnuTLS) wants TLS 1.3, openssl's server has 1.2 only.
# usage: tls-failure-version-wget.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/tls-lib.sh"
fault_init tls-failure-version-wget "$1"
tls_cert cert server.example
fault_serve 4433 openssl s_server -accept 4433 -cert "$LAB_WORK/cert.pem" \
    -key "$LAB_WORK/cert.key" -no_tls1_3 -WWW
lab_trace client client.trace -f -ttt -T -yy -s 300 -e "$LAB_CALLS" -- \
    wget -q --no-config -t 1 -O- --no-check-certificate \
    --secure-protocol=TLSv1_3 "https://$srv:4433/cert.pem" || :
fault_end TERM
