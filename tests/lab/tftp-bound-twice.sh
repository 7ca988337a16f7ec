#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: a TFTP client whose socket is bound to any port, and dissolved
# (AF_UNSPEC) before it sends: it then sends from another port. Each file in a
# trace of its own, as short as -s makes it.
# usage: tftp-bound-twice.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS='-ff -r -y -s 16 -e trace=!mmap,munmap,mprotect,brk,rt_sigaction,newfstatat,lseek'
lab_init tftp-twice "$1"
lab_host server
lab_host client
mkdir files
seq 700 >files/numbers
chmod -R a+rwX .
lab_trace_bg server server.trace -- atftpd --daemon --no-fork --user root \
    --port 6969 "$LAB_WORK/files"
srv=$LAB_PID
lab_wait_port server 6969 udp
lab_trace client client.trace -- \
    atftp -g -r numbers -l numbers "$(lab_addr server)" 6969
cmp files/numbers numbers
lab_stop "$srv"
lab_row server 'server.trace.*'
lab_row client 'client.trace.*'
