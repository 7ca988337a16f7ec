#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: TFTP: two files are fetched and one is put, each from a port of its
# own; one does not exist.
# usage: tftp-files.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS='-f -tt -T -y -s 64 -e trace=!mmap,munmap,mprotect,brk,rt_sigaction,newfstatat,lseek,futex'
lab_init tftp "$1"
lab_host server
lab_host client
mkdir files
seq 700 >files/numbers
seq 100 >files/few
chmod -R a+rwX .
lab_trace_bg server server.trace -- in.tftpd -L -c -u nobody -s "$LAB_WORK/files"
srv=$LAB_PID
lab_wait_port server 69 udp
printf 'get numbers\nget few\nput few sent\nget nothing\nquit\n' >commands
lab_trace client client.trace -- sh -c "tftp $(lab_addr server) <commands"
cmp files/numbers numbers
lab_stop "$srv"
lab_row server server.trace
lab_row client client.trace
