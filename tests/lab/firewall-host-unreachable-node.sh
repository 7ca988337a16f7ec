#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# node connects to two ports of a php server; the router answers one of them
# with ICMP host unreachable.
# usage: firewall-host-unreachable-node.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init firewall-host-unreachable-node "$1"
fault_filter -p tcp --dport 8081 -j REJECT --reject-with icmp-host-unreachable
LAB_FLAGS="-f -ttt -T -yy -s 256 -e $LAB_CALLS"
printf '<?php echo "ok";' >index.php
fault_serve_two 8080 'php -S 0.0.0.0:8080 index.php' 8081 'php -S 0.0.0.0:8081 index.php'
cat >cli.js <<'EOF'
const http = require('http');
const ask = (port, next) => http.get({host: process.argv[2], port, agent: false}, r => {
  r.on('data', d => console.log(port, d.toString())); r.on('end', next);
}).on('error', e => { console.log(port, e.code); next(); });
ask(8080, () => ask(8081, () => ask(8081, () => ask(8080, () => {}))));
EOF
fault_client "exec node cli.js $srv"
fault_end TERM
