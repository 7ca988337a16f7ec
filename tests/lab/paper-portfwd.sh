#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Table 4, portfwd: the router forwards its port 80 to the server's 8080; curl
# and wget know only the router.
# usage: paper-portfwd.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"
fault_init paper-portfwd "$1"
web_lighttpd "server.port = 8080"
lab_in router iptables -t nat -A PREROUTING -i to-client -p tcp --dport 80 \
    -j DNAT --to-destination "$srv:8080"
fault_serve 8080 lighttpd -D -f lighttpd.conf
fault_client "curl -q -sS http://10.0.2.1/; wget --no-config -q -O - http://10.0.2.1/some.txt"
fault_end TERM
