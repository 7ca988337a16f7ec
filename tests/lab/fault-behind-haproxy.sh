#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A fault behind a proxy: haproxy answers 503, for nothing listens on the port
# that it knows of its server.
# usage: fault-behind-haproxy.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"

fault_init fault-behind-haproxy "$1"
rm -f "$LAB_OUT"/*.trace
lab_host proxy
lab_row proxy proxy.trace
web_lighttpd "server.port = 8080"
cat >haproxy.cfg <<CONF
global
	nbthread 1
	httpclient.ssl.verify none
defaults
	mode http
	timeout connect 2s
	timeout client 10s
	timeout server 10s
frontend web
	bind :80
	default_backend web
backend web
	retries 1
	server one $srv:8081
CONF
fault_serve 8080 lighttpd -D -f lighttpd.conf
lab_trace_bg proxy proxy.trace -- haproxy -db -f "$LAB_WORK/haproxy.cfg"
front=$LAB_PID
lab_wait_port proxy 80
fault_client "curl -q -sS http://$(lab_addr proxy)/; curl -q -sS http://$(lab_addr proxy)/"
lab_stop "$front"
fault_end TERM
