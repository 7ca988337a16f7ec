#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The router rejects UDP to port 53 as administratively prohibited, which the
# client learns at its receive; the same question over TCP is answered.
# usage: firewall-udp-prohibited.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init firewall-udp-prohibited "$1"
LAB_FLAGS="-f -tt -s 64 -e ${LAB_CALLS/open,openat,/},sendmmsg"
fault_filter -p udp --dport 53 -j REJECT --reject-with icmp-admin-prohibited
echo "$srv www.lab.example" >names
fault_serve_udp 53 dnsmasq -k -C /dev/null -u root --no-resolv --no-hosts \
    --addn-hosts="$LAB_WORK/names" --pid-file --local=/example/
fault_client "dig +time=1 +tries=2 @$srv www.lab.example
dig +tcp +short @$srv www.lab.example"
fault_end TERM
