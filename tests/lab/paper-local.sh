#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Table 4, local: lighttpd is bound to the loopback address; a client on its
# host is served, one elsewhere is not.
# usage: paper-local.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"
fault_init paper-local "$1"
web_lighttpd "server.port = 8080" "server.bind = \"127.0.0.1\""
fault_serve 8080 lighttpd -D -f lighttpd.conf
lab_in server curl -q -sS http://127.0.0.1:8080/ >/dev/null
fault_client "wget --no-config -t 1 -O - http://$srv:8080/; curl -q -sS http://$srv:8080/"
fault_end TERM
