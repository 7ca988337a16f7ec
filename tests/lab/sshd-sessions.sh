#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: one sshd, three ssh clients at once, one of which uses its
# connection for several sessions and a forwarded port. Payloads cut at 32.
# usage: sshd-sessions.sh OUTDIR

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ssh-lib.sh"
LAB_FLAGS="-f -tt -yy -e $LAB_CALLS"
lab_init sshd-sessions "$1"
lab_host server
lab_host client

ssh_conf
cat >run.sh <<CONF
s="$ssh"
echo one | \$s -p 2222 root@\$1 'cat; seq 300' >one &
seq 2000 | \$s -p 2222 root@\$1 'md5sum' >two &
\$s -p 2222 -o ControlPath=$LAB_WORK/control -o ControlMaster=yes \
    -L 9000:127.0.0.1:2222 root@\$1 'sleep 1' >three &
while [ ! -S $LAB_WORK/control ]; do sleep 0.1; done
\$s -p 2222 -o ControlPath=$LAB_WORK/control root@\$1 'echo second' >four
\$s -p 9000 root@127.0.0.1 'echo through' >five
wait
CONF
# shellcheck disable=SC2086 # a command's words
lab_trace_bg server server.trace -- $sshd
srv=$LAB_PID
lab_wait_port server 2222
lab_trace client client.trace -- sh run.sh "$(lab_addr server)"
grep -q 300 one && grep -q second four && grep -q through five
lab_stop "$srv"
lab_row server server.trace
lab_row client client.trace
