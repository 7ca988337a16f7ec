#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A node server at "localhost", which is ::1, is asked over IPv4 from another
# host.
# usage: loopback-bound-ipv6-node.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 4096 -e $LAB_CALLS"
fault_init loopback-bound-ipv6-node "$1"
cat >server.js <<'JS'
require('http').createServer((q, r) => r.end('x')).listen(4000, 'localhost');
process.on('SIGTERM', () => process.exit(0));
JS
fault_serve 4000 node server.js
fault_client "wget -t 1 -T 3 -O - http://$srv:4000/"
fault_end TERM
