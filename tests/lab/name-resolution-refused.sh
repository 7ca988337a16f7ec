#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# dnsmasq has no server to forward to and refuses what is not its own; node
# asks it by itself, wget through the C library.
# usage: name-resolution-refused.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init name-resolution-refused "$1"
lab_resolv client "$srv"
echo "$srv www.lab.example" >names
fault_serve_udp 53 dnsmasq -k -C /dev/null -u root --no-resolv --no-hosts \
    --addn-hosts="$LAB_WORK/names" --pid-file --local=/lab.example/
lab_trace client client.trace -f -ttt -T -yy -s 300 -e "$LAB_CALLS" -- sh -c "
node -e 'require(\"dns\").resolve4(\"api.partner.test\", console.log)'
wget -q --no-config -t 1 -O- http://api.partner.test/" || :
fault_end TERM
