#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Table 4, permission: the server may not read one of its files, and answers
# 403.
# usage: paper-permission.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"
fault_init paper-permission "$1"
web_apache 80
LAB_FLAGS="-f -ttt -T -yy -s 256 -e $LAB_CALLS"
chmod 600 www/some.txt
fault_serve 80 setsid apache2 -D FOREGROUND -f "$LAB_WORK/apache.conf"
fault_client "wget --no-config -q -O - http://$srv/; wget --no-config -q -O - http://$srv/some.txt
curl -q -sS http://$srv/some.txt"
fault_end TERM
