#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Table 5, large datagrams: a guest behind the translated network of a virtual
# machine, and its host, both traced. The virtual network drops the datagrams
# that do not fit into one packet.
# usage: paper-large-datagrams.sh OUTDIR

. "$(dirname "$0")/lib.sh"
lab_init paper-large-datagrams "$1"
lab_host host
lab_host guest
lab_cc act
act=$LAB_WORK/act
host=$(lab_addr host)
lab_row host host.trace
lab_row guest guest.trace
LAB_FLAGS='-f -ttt -T -yy -s 64'
lab_in router iptables -t nat -A POSTROUTING -p udp -o to-host -j MASQUERADE
lab_in router iptables -A FORWARD -p udp -m length --length 1501:65535 -j DROP
lab_trace_bg host host.trace -- "$act" udp "bind=$host:4000" timeout=5000 \
    loop recvfrom=9000 reply=20 end close
server_pid=$LAB_PID
lab_wait_port host 4000 udp
lab_trace guest guest.trace -- "$act" udp "connect=$host:4000" timeout=300 \
    repeat=4 fill=200 recv=100 fill=1400 recv=100 fill=2000 recv=100 \
    fill=600 recv=100 fill=4000 recv=100 fill=1200 recv=100 end close || :
lab_wait "$server_pid"
