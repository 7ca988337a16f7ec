#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The server drops all that comes in; wget tries three times for 4 s. It sets
# an alarm around a blocking connect.
# usage: connection-timeout-wget-alarm.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init connection-timeout-wget-alarm "$1"
lab_in server iptables -A INPUT -i eth0 -j DROP
LAB_FLAGS="-f -ttt -T -yy -s 64 -e $LAB_CALLS"
fault_serve 80 python3 -m http.server 80
fault_client "exec wget -O /dev/null --timeout=4 --tries=3 http://$srv/"
fault_end INT
