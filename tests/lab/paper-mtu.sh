#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Table 4, mtu: the link between has an MTU of 1000 and nobody is told; apache
# and wget, which gets a short page and then never the rest of a long one,
# twice.
# usage: paper-mtu.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"
fault_init paper-mtu "$1"
web_apache 80
fault_filter -m length --length 1001:65535 -j DROP
fault_serve 80 setsid apache2 -D FOREGROUND -f "$LAB_WORK/apache.conf"
fault_client "wget --no-config -q -O /dev/null http://$srv/index.html
wget --no-config -t 1 -T 8 -O /dev/null http://$srv/some.txt & sleep 1
wget --no-config -t 1 -T 8 -O /dev/null http://$srv/some.txt; wait"
fault_end TERM
