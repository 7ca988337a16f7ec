# shellcheck shell=bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# squid_conf	write squid.conf to the work folder: a proxy for all, on port
#	3128, that stores nothing on a disk

squid_conf()
{
	cat >squid.conf <<-CONF
	http_port 3128
	acl all_of_them src all
	http_access allow all_of_them
	access_log none
	cache_log $LAB_WORK/cache.log
	cache_store_log none
	pid_filename $LAB_WORK/squid.pid
	coredump_dir $LAB_WORK
	pinger_enable off
	icon_directory $LAB_WORK
	shutdown_lifetime 1 seconds
	cache_mem 8 MB
	visible_hostname proxy
	CONF
	chmod 777 .
}
