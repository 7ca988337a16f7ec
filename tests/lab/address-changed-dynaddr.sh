#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The client's address changes while its connect waits for an answer: with
# net.ipv4.ip_dynaddr the socket takes the new one, and its connection works.
# usage: address-changed-dynaddr.sh OUTDIR

# shellcheck disable=SC2016 # another program expands it
. "$(dirname "$0")/fault-lib.sh"
fault_init address-changed-dynaddr "$1"
lab_in client sysctl -qw net.ipv4.ip_dynaddr=1
fault_serve 7000 socat TCP-LISTEN:7000,reuseaddr EXEC:cat
lab_in router iptables -A FORWARD -p tcp --dport 7000 -j DROP
lab_trace_bg client client.trace -- perl -MSocket -MIO::Handle -MFcntl -e '
socket(S, PF_INET, SOCK_STREAM, 0) or die;
fcntl(S, F_SETFL, O_RDWR | O_NONBLOCK);
connect(S, pack_sockaddr_in(7000, inet_aton($ARGV[0])));
sub name { print join(".", unpack("x4C4", getsockname(S))), "\n" }
name();
vec($w, fileno(S), 1) = 1;
select(undef, $w, undef, 10);
name();
syswrite S, "hello";
vec($r, fileno(S), 1) = 1;
select($r, undef, undef, 5);
sysread S, $d, 5;
print $d;' "$srv"
client=$LAB_PID
sleep 0.4
lab_in client ip addr del 10.0.2.2/24 dev eth0
lab_in client ip addr add 10.0.2.3/24 dev eth0
lab_in client ip route replace default via 10.0.2.1
lab_in router iptables -D FORWARD -p tcp --dport 7000 -j DROP
lab_wait "$client"
lab_wait "$server_pid"
