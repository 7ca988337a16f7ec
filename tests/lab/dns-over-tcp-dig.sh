#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: dig asks dnsmasq over TCP. dig binds its socket before it connects,
# and strace then goes on to show the wildcard address it was bound to.
# usage: dns-over-tcp-dig.sh OUTDIR

. "$(dirname "$0")/lib.sh"
lab_init dns-tcp "$1"
lab_host server
lab_host client
echo "192.0.2.7 host7.example.com" >names

lab_trace_bg server server.trace -- dnsmasq --keep-in-foreground --no-resolv \
    --no-hosts --addn-hosts="$LAB_WORK/names" --conf-file=/dev/null \
    --local=/example.com/ --user=root --pid-file --log-facility=- \
    --txt-record=text.example.com,hello
srv=$LAB_PID
lab_wait_port server 53 udp
for i in 1 2; do
	lab_trace client "client-$i.trace" -- dig "@$(lab_addr server)" +tcp \
	    +short host7.example.com A
	grep -q 192.0.2.7 "client-$i.trace.out"
done
lab_stop "$srv"
lab_row server server.trace
lab_row client client-1.trace
lab_row client client-2.trace
