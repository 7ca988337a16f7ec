#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The router puts another address into the answers of dnsmasq.
# usage: payload-modified-dns.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init payload-modified-dns "$1"
fault_rewriter '\xc0\x00\x02\x01' '\xc0\x00\x02\x63'
fault_serve_udp 53 dnsmasq --keep-in-foreground --conf-file=/dev/null \
    --no-resolv --no-hosts --user=root --pid-file \
    --address=/lab.example/192.0.2.1
fault_client "dig @$srv +short www.lab.example; \
dig @$srv +short mail.lab.example"
fault_end TERM
