#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: three hosts talk with each other; IPv6 between client and other is
# dropped, and curl, which knows both addresses, takes IPv4 each time.
# usage: three-hosts-falls-back.sh OUTDIR

. "$(dirname "$0")/three-lib.sh"
three_init three-hosts-falls-back "$1"
lab_in router ip6tables -A FORWARD -s "$(lab_addr6 client)" -j DROP
lab_hosts_line client "$oth www.example.com"
lab_hosts_line client "$(lab_addr6 other) www.example.com"
three_web
three_trade
fault_client "curl -q -sS http://$srv/
for i in 1 2 3; do curl -q -sS http://www.example.com/; done"
three_end
