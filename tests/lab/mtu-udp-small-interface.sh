#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The router's link to the server has an MTU of 1000, datagrams carry the
# don't-fragment bit, and no ICMP gets back to the client.
# usage: mtu-udp-small-interface.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init mtu-udp-small-interface "$1"
lab_in router ip link set to-server mtu 1000
lab_in router iptables -A OUTPUT -p icmp -j DROP
fault_serve_udp 4000 "$act" udp "bind=$srv:4000" timeout=4000 loop \
    recvfrom=4000 end close
fault_client "$act udp connect=$srv:4000 repeat=6 \
fill=300 sleep=100 fill=1300 sleep=100 fill=700 sleep=100 fill=960 sleep=100 \
fill=1000 sleep=100 end close"
lab_wait "$server_pid"
