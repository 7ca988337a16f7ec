# shellcheck shell=bash disable=SC2034
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# An sshd for the recordings, with its own keys and configuration.
#
# ssh_conf	write keys and sshd_config (port 2222) to the work folder; sets
#	sshd to the server's command, ssh to the client's, both one string

ssh_conf()
{
	mkdir -p /run/sshd
	ssh-keygen -q -t ed25519 -N '' -C lab -f host_key
	ssh-keygen -q -t ed25519 -N '' -C lab -f user_key
	cp user_key.pub authorized_keys
	chmod 600 authorized_keys
	cat >sshd_config <<-CONF
	Port 2222
	HostKey $LAB_WORK/host_key
	AuthorizedKeysFile $LAB_WORK/authorized_keys
	PidFile none
	StrictModes no
	UsePAM no
	UseDNS no
	PermitRootLogin prohibit-password
	CONF
	sshd="/usr/sbin/sshd -D -e -f $LAB_WORK/sshd_config"
	ssh="ssh -F none -i $LAB_WORK/user_key -o IdentitiesOnly=yes"
	ssh+=" -o StrictHostKeyChecking=no"
	ssh+=" -o UserKnownHostsFile=$LAB_WORK/known_hosts"
}
