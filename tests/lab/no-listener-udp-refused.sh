#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# dnsmasq serves DNS on port 53; dig asks port 5353 of that host with a
# connected socket. The last query goes to port 53 and is answered.
# usage: no-listener-udp-refused.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init no-listener-udp-refused "$1"
fault_serve_udp 53 dnsmasq --keep-in-foreground --conf-file=/dev/null \
    --no-resolv --no-hosts --user=root --pid-file \
    --address=/lab.example/192.0.2.1
fault_client "dig @$srv -p 5353 +tries=3 +time=1 www.lab.example; \
dig @$srv +tries=1 +time=2 www.lab.example"
fault_end TERM
