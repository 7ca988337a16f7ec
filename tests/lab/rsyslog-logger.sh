#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: rsyslogd takes messages over UDP and TCP; logger sends some of each.
# usage: rsyslog-logger.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS='-f -ttt -T -yy -s 200 -e trace=!mmap,munmap,mprotect,brk,rt_sigaction,newfstatat,lseek,futex'
lab_init rsyslog "$1"
lab_host server
lab_host client
cat >rsyslog.conf <<CONF
module(load="imudp")
module(load="imtcp")
input(type="imudp" port="514")
input(type="imtcp" port="601")
*.* action(type="omfile" file="$LAB_WORK/log")
CONF
lab_trace_bg server server.trace -- rsyslogd -n -f "$LAB_WORK/rsyslog.conf" -i "$LAB_WORK/pid"
srv=$LAB_PID
lab_wait_port server 601
to="-n $(lab_addr server)"
lab_trace client client.trace -- sh -c "for i in 1 2 3 4 5 6; do
logger $to -P 514 -d message \$i; logger $to -P 601 -T stream \$i; done"
sleep 0.5
grep -q 'stream 6' log
lab_stop "$srv"
lab_row server server.trace
lab_row client client.trace
