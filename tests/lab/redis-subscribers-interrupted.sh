#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: subscribers and a blocking pop that are ended by signals, one of
# which redis-cli handles, beside publishers; strace with no option but -f and
# -tt.
# usage: redis-subscribers-interrupted.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS='-f -tt -e trace=!futex,mmap,munmap,mprotect,rt_sigaction'
lab_init redis-subscribe "$1"
lab_host server
lab_host client
lab_trace_bg server server.trace -- redis-server --save '' \
    --protected-mode no --daemonize no --port 6379
srv=$LAB_PID
lab_wait_port server 6379
cat >ask.sh <<'SH'
cli="redis-cli -h $1"
timeout -s INT 2 $cli subscribe news >heard & a=$!
$cli blpop queue 0 >popped & b=$!
timeout -s TERM 2 $cli subscribe other >nothing & c=$!
sleep 0.5
for i in 1 2 3; do $cli publish news "number $i"; done
$cli rpush queue one
timeout -s KILL 1 $cli monitor >seen & d=$!
sleep 0.3
$cli set key value
wait $a $b $c $d
exit 0
SH
lab_trace client client.trace -- sh ask.sh "$(lab_addr server)"
grep -q 'number 3' heard
lab_stop "$srv"
lab_row server server.trace
lab_row client client.trace
