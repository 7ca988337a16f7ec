#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Table 4, bind6: lighttpd is bound to IPv6 only; wget knows it by its IPv4
# address.
# usage: paper-bind6.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"
fault_init paper-bind6 "$1"
web_lighttpd "server.port = 8080" "server.use-ipv6 = \"enable\""
fault_serve 8080 lighttpd -D -f lighttpd.conf
fault_client "wget --no-config -t 2 -T 5 --waitretry=1 --retry-connrefused -O - http://$srv:8080/"
fault_end TERM
