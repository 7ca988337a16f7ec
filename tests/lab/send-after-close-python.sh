#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A python server handles one request a connection; the client, in python
# too, sends three and does not look at the end of the stream.
# usage: send-after-close-python.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init send-after-close-python "$1"
LAB_FLAGS+=' -s 200'
lab_py one_request
lab_py three_requests
fault_serve 7000 /usr/bin/python3 "$LAB_WORK/one_request.py" 7000
fault_client "/usr/bin/python3 $LAB_WORK/three_requests.py $srv 7000"
fault_end TERM
