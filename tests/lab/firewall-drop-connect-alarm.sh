#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The router drops the SYNs to one of two servers; wget ends its blocking connect
# by an alarm, twice.
# usage: firewall-drop-connect-alarm.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 4096 -e $LAB_CALLS"
fault_init firewall-drop-connect-alarm "$1"
fault_filter -p tcp --dport 8092 --syn -j DROP
mkdir www
echo hi >www/a
for port in 8090 8092; do
	printf 'server.document-root="%s/www"\nserver.port=%s\n' \
	    "$LAB_WORK" $port >$port.conf
done
fault_serve_two 8090 "lighttpd -D -f 8090.conf" 8092 "lighttpd -D -f 8092.conf"
fault_client "wget -q -O - http://$srv:8090/a; \
wget -T 2 -t 2 -O - http://$srv:8092/a; wget -q -O - http://$srv:8090/a"
fault_end TERM
