#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: sshd (privilege separation, own configuration and host key) and an
# ssh client that runs a command and sends it input. The session's payloads
# are encrypted, so both ends show the same bytes.
# usage: ssh-command.sh OUTDIR

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ssh-lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 4096 -e $LAB_CALLS"
lab_init ssh "$1"
lab_host server
lab_host client

ssh_conf

# shellcheck disable=SC2086 # a command's words
lab_trace_bg server server.trace -- $sshd
srv=$LAB_PID
lab_wait_port server 2222
lab_trace client client.trace -- sh -c "echo input | $ssh -p 2222 root@$(lab_addr server) \
    'cat; seq 500; echo finished'"
grep -q finished client.trace.out
lab_stop "$srv"
lab_row server server.trace
lab_row client client.trace
