#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Table 4, multibyte: the server counts characters where the Content-Length
# wants bytes, so that curl reads too few and closes.
# usage: paper-multibyte.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"
fault_init paper-multibyte "$1"
lab_py multibyte_http
fault_serve 8000 python3 multibyte_http.py 8000
fault_client "curl -q -sS http://$srv:8000/; curl -q -sS http://$srv:8000/"
fault_end TERM
