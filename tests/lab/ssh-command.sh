#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: sshd (privilege separation, own configuration and host key) and an
# ssh client that runs a command and sends it input. The session's payloads
# are encrypted, so both ends show the same bytes.
# usage: ssh-command.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 4096 -e $LAB_CALLS"
lab_init ssh "$1"
lab_host server
lab_host client

mkdir -p /run/sshd
ssh-keygen -q -t ed25519 -N '' -C lab -f host_key
ssh-keygen -q -t ed25519 -N '' -C lab -f user_key
cp user_key.pub authorized_keys
chmod 600 authorized_keys
cat >sshd_config <<CONF
Port 2222
HostKey $LAB_WORK/host_key
AuthorizedKeysFile $LAB_WORK/authorized_keys
PidFile none
StrictModes no
UsePAM no
UseDNS no
PermitRootLogin prohibit-password
CONF

lab_trace_bg server server.trace -- /usr/sbin/sshd -D -e \
    -f "$LAB_WORK/sshd_config"
srv=$LAB_PID
lab_wait_port server 2222
lab_trace client client.trace -- sh -c "echo input | ssh -F none -p 2222 \
    -i $LAB_WORK/user_key -o IdentitiesOnly=yes -o StrictHostKeyChecking=no \
    -o UserKnownHostsFile=$LAB_WORK/known_hosts root@$(lab_addr server) \
    'cat; seq 500; echo finished'"
grep -q finished client.trace.out
lab_stop "$srv"
lab_row server server.trace
lab_row client client.trace
