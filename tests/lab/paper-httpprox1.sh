#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Table 4, httpprox1: the environment makes curl go through a proxy that is not
# traced; the server sees the proxy only.
# usage: paper-httpprox1.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"
fault_hosts paper-httpprox1 "$1"
lab_host proxy
lab_row server server.trace
lab_row client client.trace
web_lighttpd "server.port = 8080"
cat >tinyproxy.conf <<CONF
User nobody
Group nogroup
Port 8888
Timeout 20
MaxClients 10
LogFile "$LAB_WORK/log"
CONF
chmod 777 .
fault_serve 8080 lighttpd -D -f lighttpd.conf
lab_in_bg proxy tinyproxy -d -c "$LAB_WORK/tinyproxy.conf"
lab_wait_port proxy 8888
fault_client "http_proxy=http://$(lab_addr proxy):8888 curl -q -sS http://$srv:8080/ http://$srv:8080/some.txt"
fault_end TERM
