#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: snmpd and snmpwalk over UDP; then a wrong community, which snmpd
# leaves unanswered as it is documented to.
# usage: snmp-walk.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS='-f -ttt -s 200'
LAB_FLAGS+=' -e trace=!mmap,munmap,mprotect,brk,rt_sigaction,newfstatat,lseek'
lab_init snmp "$1"
lab_host server
lab_host client
echo 'rocommunity public' >snmpd.conf
lab_trace_bg server server.trace -- snmpd -f -Lo -C -c "$LAB_WORK/snmpd.conf" \
    -I system_mib,sysORTable udp:161
srv=$LAB_PID
lab_wait_port server 161 udp
lab_trace client client.trace -- sh -c \
    "snmpwalk -v2c -c public $(lab_addr server) 1.3.6.1.2.1.1
snmpget -v2c -c public $(lab_addr server) 1.3.6.1.2.1.1.5.0"
lab_stop "$srv"
lab_row server server.trace
lab_row client client.trace
