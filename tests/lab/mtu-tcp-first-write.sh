#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The last link carries 1280 bytes, the router tells nobody (ICMP is dropped).
# Small requests work, an upload whose first write is large never arrives.
# usage: mtu-tcp-first-write.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 4096 -e $LAB_CALLS"
fault_init mtu-tcp-first-write "$1"
lab_in router ip link set to-server mtu 1280
lab_in router iptables -A OUTPUT -p icmp -j DROP
mkdir www
echo hi >www/a
seq 1 3000 >up
printf 'server.document-root="%s/www"\nserver.port=8090\n' "$LAB_WORK" >l.conf
fault_serve 8090 lighttpd -D -f l.conf
fault_client "curl -sS http://$srv:8090/a; \
curl -sS -m 10 --data-binary @up http://$srv:8090/a; curl -sS http://$srv:8090/a"
fault_end TERM
