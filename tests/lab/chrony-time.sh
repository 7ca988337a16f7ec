#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: chronyd asks another chronyd for the time; a look at its state with
# chronyc.
# usage: chrony-time.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS='-f -ttt -s 128 -e trace=!mmap,munmap,mprotect,brk,rt_sigaction,newfstatat,lseek,futex'
lab_init chrony "$1"
lab_host server
lab_host client
printf 'local stratum 8\nallow all\ncmdport 0\nbindcmdaddress /\ndriftfile %s/a\n' \
    "$LAB_WORK" >server.conf
printf 'server %s iburst minpoll 0 maxpoll 0\ncmdport 0\nbindcmdaddress /\ndriftfile %s/b\n' \
    "$(lab_addr server)" "$LAB_WORK" >client.conf
lab_trace_bg server server.trace -- chronyd -x -d -u root -f "$LAB_WORK/server.conf"
srv=$LAB_PID
lab_wait_port server 123 udp
lab_trace client client.trace -- timeout 8 chronyd -x -d -u root \
    -f "$LAB_WORK/client.conf" || :
lab_stop "$srv"
lab_row server server.trace
lab_row client client.trace
