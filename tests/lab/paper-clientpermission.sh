#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Table 4, clientpermission: curl and wget may not write what they fetch to
# where they are told to.
# usage: paper-clientpermission.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"
fault_init paper-clientpermission "$1"
web_lighttpd "server.port = 8080"
LAB_FLAGS="-f -ttt -T -yy -s 256 -e $LAB_CALLS"
chmod 755 .
mkdir kept
touch kept/some.txt
chmod 555 kept kept/some.txt
fault_serve 8080 lighttpd -D -f lighttpd.conf
fault_client "setpriv --reuid=nobody --clear-groups curl -q -sS -o kept/some.txt http://$srv:8080/big.txt
setpriv --reuid=nobody --clear-groups wget --no-config -q -O kept/other.txt http://$srv:8080/some.txt"
fault_end TERM
