#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: names that are found at the second step of a search list, that have
# IPv4 addresses only, that were typed with a dot; and addresses without names.
# usage: dns-search-list.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init dns-search-list "$1"
lab_resolv client "$srv"
echo "search first.example lab.example" \
    >>"/etc/netns/$(lab_ns client)/resolv.conf"
echo "$srv www.lab.example" >names
fault_serve_udp 53 dnsmasq -k -C /dev/null -u root --no-resolv --no-hosts \
    --addn-hosts="$LAB_WORK/names" --pid-file --local=/example/ \
    --local=/www/ --local=/arpa/
lab_trace client client.trace -f -ttt -T -yy -s 300 -e "$LAB_CALLS" -- sh -c "
getent hosts www
getent ahosts www.lab.example
getent hosts 10.0.77.1
node -e 'require(\"dns\").lookup(\"www\", console.log)'
perl -e 'print scalar gethostbyname(\"www\") ? 1 : 0'"
fault_end TERM
