#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The router drops what goes to the agent's UDP port; over TCP it answers. In
# the order the queries may stand before the agent has bound its port.
# usage: firewall-udp-snmp.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init firewall-udp-snmp "$1"
LAB_FLAGS="-f -tt -yy -s 64 -e trace=%network,pselect6,close,exit_group"
echo 'rocommunity public' >snmpd.conf
fault_serve_udp 161 snmpd -f -Lo -C -c "$LAB_WORK/snmpd.conf" udp:161,tcp:161
fault_filter -p udp --dport 161 -j DROP
get="-Ov -v2c -c public"
uptime=1.3.6.1.2.1.1.3.0
fault_client "snmpget -r 5 -t 1 $get udp:$srv $uptime
snmpget $get tcp:$srv $uptime"
fault_end TERM
