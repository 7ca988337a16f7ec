#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# lighttpd is to listen on an address that its host does not have (any more);
# it does not start, and its client is refused.
# usage: address-not-available-lighttpd.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"
fault_init address-not-available-lighttpd "$1"
LAB_FLAGS="-f -tt -s 100 -e $LAB_CALLS"
web_lighttpd "server.port = 8080" "server.bind = \"10.0.7.7\""
lab_trace server server.trace -- lighttpd -D -f lighttpd.conf || :
fault_client "wget --no-config -q -t 1 -O - http://$srv:8080/; curl -q -sS http://$srv:8080/"
