#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Table 4, special: a character in the request that the handler does not expect
# makes it fail, and the connection is closed without an answer.
# usage: paper-special.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"
fault_init paper-special "$1"
lab_py special_http
fault_serve 8000 python3 special_http.py 8000
fault_client "curl -q -sS http://$srv:8000/plain; curl -q -sS http://$srv:8000/caf%C3%A9
curl -q -sS http://$srv:8000/na%C3%AFve"
fault_end TERM
