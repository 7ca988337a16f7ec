#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A python HTTP server that runs as nobody may not look into a folder, and
# says that there is no such file: 404.
# usage: permission-denied-folder.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init permission-denied-folder "$1"
LAB_FLAGS+=' -s 300'
mkdir -p www/private
echo hello >www/hello.txt
echo secret >www/private/list.txt
chmod 700 www/private
fault_serve 8000 setpriv --reuid 65534 --regid 65534 --clear-groups \
    /usr/bin/python3 -BIS -m http.server -d "$LAB_WORK/www" 8000
fault_client "wget -q --no-config -O- http://$srv:8000/hello.txt
wget -q --no-config -t 1 -O- http://$srv:8000/private/list.txt"
fault_end TERM
