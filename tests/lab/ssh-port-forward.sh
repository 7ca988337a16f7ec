#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: curl goes through an ssh port forwarding to a web server behind; ssh
# listens on loopback, its end opens the connections, and everything is closed
# by ssh's own end.
# usage: ssh-port-forward.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"

fault_init ssh-port-forward "$1"
LAB_FLAGS="-f -ttt -T -yy -s 64 -e ${LAB_CALLS/open,openat,/}"
mkdir -p /run/sshd
ssh-keygen -q -t ed25519 -N "" -C lab -f host_key
ssh-keygen -q -t ed25519 -N "" -C lab -f user_key
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
web_lighttpd "server.port = 8080"
fault_serve_two 2222 "/usr/sbin/sshd -D -e -f $LAB_WORK/sshd_config" 8080 "lighttpd -D -f lighttpd.conf"
fault_client "ssh -F none -p 2222 -i $LAB_WORK/user_key -o IdentitiesOnly=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=$LAB_WORK/known -L 8000:127.0.0.1:8080 root@$srv sleep 3 & sleep 1.5
curl -q -sS http://127.0.0.1:8000/ http://127.0.0.1:8000/some.txt -o one -o two; wget --no-config -q -O three http://127.0.0.1:8000/; wait"
cmp www/some.txt two
fault_end TERM
