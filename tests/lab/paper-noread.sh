#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Table 4, noread: the server answers an upload at once, without reading it,
# and closes; what curl sent is lost, and so is the answer.
# usage: paper-noread.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"
fault_init paper-noread "$1"
lab_py noread_http
head -c 150000 /dev/zero | tr "\\0" x >upload
fault_serve 8000 python3 noread_http.py 8000
fault_client "curl -q -sS -H Expect: -T upload http://$srv:8000/a; curl -q -sS -H Expect: -T upload http://$srv:8000/b"
fault_end TERM
