#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A client waits for a local server that never starts, on a port of the range
# from which the kernel takes local ports: in the end it connects to itself.
# usage: self-connect-curl.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 256 -e ${LAB_CALLS/open,openat,/}"
fault_init self-connect-curl "$1"
lab_in client sysctl -qw net.ipv4.ip_local_port_range='40000 40015'
fault_serve 7000 socat TCP-LISTEN:7000,reuseaddr EXEC:cat
fault_client "echo hello | socat -t1 - TCP:$srv:7000;
for i in \$(seq 100); do curl -q -sS -m 2 http://127.0.0.1:40002/;
[ \$? = 7 ] || exit; done"
lab_wait "$server_pid"
