#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Nothing wrong: a page looks once for a cache on its own host, which nobody
# has started, and is made without it.
# usage: local-cache-missing.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init local-cache-missing "$1"
LAB_FLAGS="-f -tt -yy -s 256 -e $LAB_CALLS"
mkdir www
cat >www/index.php <<'EOF'
<?php @fsockopen("127.0.0.1", 11211, $e, $m, 1); echo "page\n";
EOF
fault_serve 8090 php -n -S 0.0.0.0:8090 -t "$LAB_WORK/www"
fault_client "curl -s http://$srv:8090/"
fault_end TERM
