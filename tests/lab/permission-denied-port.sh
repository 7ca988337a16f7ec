#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A server that is not root may not bind to port 80; its client is refused.
# usage: permission-denied-port.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init permission-denied-port "$1"
lab_trace server server.trace -- setpriv --reuid 65534 --regid 65534 \
    --clear-groups --inh-caps=-all --bounding-set=-all \
    /usr/bin/python3 -BIS -m http.server -d /srv 80 || :
fault_client "curl -q -sS http://$srv/"
