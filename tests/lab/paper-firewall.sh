#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Table 4, firewall: lighttpd listens on 80 and 81; the router drops what goes
# to 81.
# usage: paper-firewall.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"
fault_init paper-firewall "$1"
LAB_FLAGS="-f -tt -s 128 -e $LAB_CALLS"
web_lighttpd "server.port = 80" "\$SERVER[\"socket\"] == \":81\" { }"
fault_filter -p tcp --dport 81 -j DROP
fault_serve 80 lighttpd -D -f lighttpd.conf
fault_client "wget --no-config -q -O - http://$srv/
wget --no-config -t 2 -T 3 -O - http://$srv:81/; wget --no-config -q -O - http://$srv/"
fault_end TERM
