#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: sshd with privilege separation for a user other than root and a
# terminal, whose descriptors the monitor passes with SCM_RIGHTS; then the
# same client copies a file with scp.
# usage: ssh-pty-unprivileged-user.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 33000 -e $LAB_CALLS"
lab_init ssh-pty "$1"
lab_host server
lab_host client

echo "guest:x:1999:1999::$LAB_WORK/home:/bin/sh" \
    >>"/etc/netns/$(lab_ns server)/passwd"
mkdir -p /run/sshd home
chown 1999:1999 home
ssh-keygen -q -t ed25519 -N '' -C lab -f host_key
ssh-keygen -q -t ed25519 -N '' -C lab -f user_key
cp user_key.pub authorized_keys
chmod 644 authorized_keys
seq 800 >file
cat >sshd_config <<CONF
Port 22
HostKey $LAB_WORK/host_key
AuthorizedKeysFile $LAB_WORK/authorized_keys
PidFile none
StrictModes no
UsePAM no
UseDNS no
PrintMotd no
PrintLastLog no
Subsystem sftp internal-sftp
CONF
cat >ssh_config <<CONF
IdentityFile $LAB_WORK/user_key
IdentitiesOnly yes
StrictHostKeyChecking no
UserKnownHostsFile $LAB_WORK/known_hosts
User guest
LogLevel ERROR
CONF

lab_trace_bg server server.trace -- /usr/sbin/sshd -D -e \
    -f "$LAB_WORK/sshd_config"
srv=$LAB_PID
lab_wait_port server 22
lab_trace client client-pty.trace -- ssh -F "$LAB_WORK/ssh_config" -tt \
    "$(lab_addr server)" 'tty; id -u; seq 50'
grep -q /dev/pts client-pty.trace.out
grep -q 1999 client-pty.trace.out
lab_trace client client-scp.trace -- scp -q -F "$LAB_WORK/ssh_config" \
    "$LAB_WORK/file" "$(lab_addr server):copy"
cmp file home/copy
lab_stop "$srv"
lab_row server server.trace
lab_row client client-pty.trace
lab_row client client-scp.trace
