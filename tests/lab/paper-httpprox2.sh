#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Table 4, httpprox2: wget is set to use a proxy that nobody runs any more, on
# a host that is not traced; it never comes near the server.
# usage: paper-httpprox2.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"
fault_hosts paper-httpprox2 "$1"
lab_host proxy
lab_row server server.trace
lab_row client client.trace
web_lighttpd "server.port = 8080"
fault_serve 8080 lighttpd -D -f lighttpd.conf
fault_client "http_proxy=http://$(lab_addr proxy):8888 wget --no-config -t 1 -T 4 -O - http://$srv:8080/
http_proxy=http://$(lab_addr proxy):8888 curl -q -sS http://$srv:8080/"
fault_end TERM
