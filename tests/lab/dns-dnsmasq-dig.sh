#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: dnsmasq answers dig (A, TXT, a name that does not exist) and the C library's resolver (getent, Python).
# usage: dns-dnsmasq-dig.sh OUTDIR

. "$(dirname "$0")/lib.sh"
lab_init dns "$1"
lab_host server
lab_host client
lab_resolv client "$(lab_addr server)"

for i in $(seq 40); do
	echo "192.0.2.$i host$i.example.com"
done >names

lab_trace_bg server server.trace -- dnsmasq --keep-in-foreground --no-resolv \
    --no-hosts --addn-hosts="$LAB_WORK/names" --conf-file=/dev/null \
    --local=/example.com/ --user=root --pid-file --log-facility=- \
    --txt-record=text.example.com,hello
srv=$LAB_PID
lab_wait_port server 53 udp
lab_trace client client-dig.trace -- dig +noall +answer \
    host1.example.com A text.example.com TXT none.example.com A
grep -q 192.0.2.1 client-dig.trace.out
lab_trace client client-getent.trace -- getent ahosts host2.example.com
grep -q 192.0.2.2 client-getent.trace.out
lab_trace client client-python.trace -f -ttt \
    -T -yy -s 1024 -e "$LAB_CALLS" -- /usr/bin/python3 -BISc 'import socket
for i in range(3, 30):
    socket.gethostbyname("host%d.example.com" % i)'
lab_stop "$srv"
lab_row server server.trace
lab_row client client-dig.trace
lab_row client client-getent.trace
lab_row client client-python.trace
