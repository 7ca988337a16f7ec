#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# python's http.server is started twice for one port, on one host; the trace
# of the first server and its client is there too.
# usage: address-in-use-python.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init address-in-use-python "$1"
LAB_FLAGS+=' -s 200'
lab_row server second.trace
mkdir -p www
echo hello >www/index.html
fault_serve 8000 /usr/bin/python3 -m http.server -d www 8000
lab_trace server second.trace -- /usr/bin/python3 -m http.server -d www 8000 \
    || :
fault_client "curl -sS http://$srv:8000/"
fault_end INT
