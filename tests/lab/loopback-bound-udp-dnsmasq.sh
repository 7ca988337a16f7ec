#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# dnsmasq answers on 127.0.0.1 only; dig on another host asks it.
# usage: loopback-bound-udp-dnsmasq.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init loopback-bound-udp-dnsmasq "$1"
fault_serve_udp 5300 dnsmasq --keep-in-foreground --conf-file=/dev/null \
    --no-resolv --no-hosts --port=5300 --user=root --pid-file \
    --listen-address=127.0.0.1 --bind-interfaces \
    --address=/lab.example/192.0.2.1
fault_client "dig @$srv -p 5300 +tries=3 +time=1 www.lab.example"
fault_end TERM
