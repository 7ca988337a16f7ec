#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Two faults at once: the router drops what goes to port 81, and on port 8000
# the server closes without reading uploads.
# usage: two-faults-filter-and-unread.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"
fault_init two-faults-filter-and-unread "$1"
web_lighttpd "server.port = 80" "\$SERVER[\"socket\"] == \":81\" { }"
lab_py noread_http
head -c 120000 /dev/zero | tr "\\0" x >upload
fault_filter -p tcp --dport 81 -j DROP
fault_serve_two 80 "lighttpd -D -f lighttpd.conf" 8000 "python3 noread_http.py 8000"
fault_client "curl -q -sS http://$srv/ & curl -q -sS --connect-timeout 4 http://$srv:81/ &
curl -q -sS -H Expect: -T upload http://$srv:8000/a; wait
curl -q -sS --connect-timeout 4 http://$srv:81/; curl -q -sS -H Expect: -T upload http://$srv:8000/b
curl -q -sS http://$srv/"
fault_end TERM
