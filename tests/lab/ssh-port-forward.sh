#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: curl goes through an ssh port forwarding to a web server behind; ssh
# listens on loopback, its end opens the connections, and everything is closed
# by ssh's own end.
# usage: ssh-port-forward.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"
. "$(dirname "$0")/ssh-lib.sh"

fault_init ssh-port-forward "$1"
LAB_FLAGS="-f -ttt -T -yy -s 64 -e ${LAB_CALLS/open,openat,/}"
ssh_conf
web_lighttpd "server.port = 8080"
fault_serve_two 2222 "$sshd" 8080 "lighttpd -D -f lighttpd.conf"
fault_client "$ssh -p 2222 -L 8000:127.0.0.1:8080 root@$srv sleep 3 & sleep 1.5
curl -q -sS http://127.0.0.1:8000/ http://127.0.0.1:8000/some.txt -o one -o two; wget --no-config -q -O three http://127.0.0.1:8000/; wait"
cmp www/some.txt two
fault_end TERM
