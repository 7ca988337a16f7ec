#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: before anything else both hosts ask services that are not traced, on
# their own host and on the other; then the client asks the traced one.
# usage: untraced-services-asked-first.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"
fault_hosts untraced-services "$1"
LAB_FLAGS="-f -ttt -T -yy -s 200 -e ${LAB_CALLS/open,openat,/}"
lab_row server server.trace
lab_row client client.trace
web_files
web_lighttpd "server.port = 8080"
lab_in_bg server python3 -m http.server -d www 9000
lab_in_bg client python3 -m http.server -d www 9000
lab_wait_port server 9000
lab_wait_port client 9000
fault_serve 8080 sh -c "curl -q -sS http://127.0.0.1:9000/ >/dev/null; exec lighttpd -D -f lighttpd.conf"
fault_client "curl -q -sS http://127.0.0.1:9000/ http://$srv:9000/; curl -q -sS http://$srv:8080/"
fault_end TERM
