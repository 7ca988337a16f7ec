#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Table 4, conn0: wget is told to connect to 0.0.0.0, which is its own host;
# the server is another one.
# usage: paper-conn0.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"
fault_init paper-conn0 "$1"
web_apache 8080
fault_serve 8080 setsid apache2 -D FOREGROUND -f "$LAB_WORK/apache.conf"
fault_client "wget --no-config -t 1 -O - http://0.0.0.0:8080/; curl -q -sS http://$srv:8080/"
fault_end TERM
