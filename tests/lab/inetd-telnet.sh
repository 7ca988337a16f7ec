#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: inetd runs cat and a script for each connection, on descriptors that
# it passes on; telnet and nc talk to them.
# usage: inetd-telnet.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"
LAB_FLAGS="-f -ttt -s 200"
fault_init inetd-telnet "$1"
printf "2001 stream tcp nowait root /bin/cat cat\n2002 stream tcp nowait root /bin/date date -u\n" >inetd.conf
LAB_FLAGS="-f -ttt -s 200 -e trace=!mmap,munmap,mprotect,brk,rt_sigaction,newfstatat"
fault_serve 2001 inetutils-inetd -d "$LAB_WORK/inetd.conf"
lab_wait_port server 2002
fault_client "(echo hello; sleep 0.5; echo again; sleep 0.5) | nc -q 0 $srv 2001
(sleep 1) | telnet $srv 2002; nc -d $srv 2002"
fault_end TERM
