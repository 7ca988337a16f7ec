#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# One of two ports is rejected as "administratively prohibited".
# usage: firewall-reject-prohibited.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 4096 -e $LAB_CALLS"
fault_init firewall-reject-prohibited "$1"
fault_filter -p tcp --dport 8091 -j REJECT --reject-with icmp-admin-prohibited
mkdir www
echo hi >www/a
cat >l.conf <<CONF
server.document-root = "$LAB_WORK/www"
server.port = 8090
\$SERVER["socket"] == ":8091" { }
CONF
fault_serve 8091 lighttpd -D -f l.conf
fault_client "wget -q -O - http://$srv:8090/a; wget -t 2 -O - http://$srv:8091/a; \
wget -q -O - http://$srv:8090/a"
fault_end TERM
