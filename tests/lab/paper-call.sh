#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Table 5, the call: two parties with a thread that speaks and one that listens
# each; the caller is behind an address translator. The network delays each
# eighth datagram by a second and loses one in five. In the end the callee
# closes its socket under the thread that listens, which waits on.
# usage: paper-call.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_hosts paper-call "$1"
lab_host home
lab_row server server.trace
client=$(lab_ns client)
home=$(lab_ns home)
ip link add eth1 netns "$client" type veth peer name eth1 netns "$home"
ip -n "$client" addr add 192.168.7.2/24 dev eth1
ip -n "$home" addr add 192.168.7.1/24 dev eth1
ip -n "$client" link set eth1 up
ip -n "$home" link set eth1 up
ip -n "$client" route add "$srv" via 192.168.7.1
echo "client,client.trace,192.168.7.2 $cli," >>"$LAB_OUT/hosts.csv"
lab_in home sysctl -qw net.ipv4.ip_forward=1
lab_in home iptables -t nat -A POSTROUTING -p udp -o eth0 \
    -j MASQUERADE --to-ports 3000-3010
lab_in home iptables -A FORWARD -p udp -i eth0 -m statistic --mode nth \
    --every 5 --packet 3 -j DROP
fault_mangler port=5060 delay=1000 every=8
lab_in router ip rule add iif to-home table 7
fault_serve_udp 5060 "$act" udp bind=0.0.0.0:5060 recvfrom=1000 reply=40 \
    thread repeat=200 recvfrom=1000 end end \
    repeat=60 reply=160 sleep=40 end sleep=2500 close sleep=2000
fault_client "$act udp connect=$srv:5060 timeout=500 \
'send=INVITE sip:callee@example.org' recv=1000 \
thread repeat=66 recv=1000 end end \
repeat=60 'say=$srv:5060/a piece of the speech' sleep=40 end sleep=3000"
lab_wait "$server_pid"
