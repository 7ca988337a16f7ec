#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: a replica copies from its master, follows what a third host writes,
# and is promoted; -y instead of -yy.
# usage: redis-replication.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS='-f -ttt -T -y -s 200'
LAB_FLAGS+=' -e trace=!futex,mmap,munmap,mprotect,rt_sigaction,clock_gettime,getpid'
lab_init redis-replica "$1"
lab_host master
lab_host replica
lab_host client
flags="--save= --protected-mode no --port 6379 --hz 5 --repl-diskless-sync yes"
flags="$flags --repl-diskless-sync-delay 0"
mkdir one two
# shellcheck disable=SC2086 # a list of words
{
	lab_trace_bg master master.trace -- redis-server $flags --dir "$LAB_WORK/one"
	one=$LAB_PID
	lab_wait_port master 6379
	lab_trace_bg replica replica.trace -- redis-server $flags \
	    --dir "$LAB_WORK/two" --replicaof "$(lab_addr master) 6379"
	two=$LAB_PID
}
lab_wait_port replica 6379
sleep 1.5
lab_trace client client.trace -- sh -c "for i in 1 2 3 4 5; do
redis-cli -h $(lab_addr master) set key\$i value\$i
done
sleep 0.3
redis-cli -h $(lab_addr replica) get key5
redis-cli -h $(lab_addr replica) replicaof no one
sleep 0.3"
grep -q value5 client.trace.out
lab_stop "$two"
lab_stop "$one"
lab_row master master.trace
lab_row replica replica.trace
lab_row client client.trace
