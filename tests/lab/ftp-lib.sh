# shellcheck shell=bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# An FTP server for the recordings.
#
# ftp_conf ROOT [LINE...]	write vsftpd.conf to the work folder: for anybody,
#	with ROOT's files; each LINE is added

ftp_conf()
{
	local root=$1 line
	shift
	mkdir -p empty
	chmod a-w empty
	{
		cat <<-CONF
		listen=YES
		anonymous_enable=YES
		background=NO
		seccomp_sandbox=NO
		secure_chroot_dir=$LAB_WORK/empty
		anon_root=$LAB_WORK/$root
		isolate=NO
		isolate_network=NO
		CONF
		for line; do
			echo "$line"
		done
	} >vsftpd.conf
}
