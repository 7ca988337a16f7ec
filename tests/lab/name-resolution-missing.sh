#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A name that dnsmasq does not know, in curl's URL.
# usage: name-resolution-missing.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init name-resolution-missing "$1"
lab_resolv client "$srv"
echo "search lab.example" >>"/etc/netns/$(lab_ns client)/resolv.conf"
echo "$srv www.lab.example" >names
fault_serve_udp 53 dnsmasq -k -C /dev/null -u root --no-resolv --no-hosts \
    --addn-hosts="$LAB_WORK/names" --pid-file --local=/example/
fault_client "curl -q -sS http://wwww.lab.example/"
fault_end TERM
