# shellcheck shell=bash disable=SC2034,SC2154
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Configurations of other HTTP servers than nginx. Sourced after fault-lib.sh.
#
# Sets LAB_FLAGS: no calls on files but what is read.
#
# web_files	www/ with index.html, some.txt (9 kB) and big.txt (200 kB)
# web_apache LISTEN [LINE...]	writes apache.conf: prefork, few processes
# web_lighttpd LINE...		writes lighttpd.conf

LAB_FLAGS="-f -ttt -T -yy -s 256 -e ${LAB_CALLS/open,openat,/}"

web_files()
{
	mkdir -p www
	chmod 755 . www
	echo 'hello from the server' >www/index.html
	seq -f 'line %06.0f' 17000 | head -c 204800 >www/big.txt
	head -c 9000 www/big.txt >www/some.txt
}

web_apache()
{
	local modules=/usr/lib/apache2/modules line
	web_files
	{
		cat <<-CONF
		ServerRoot $LAB_WORK
		ServerName server
		User www-data
		Group www-data
		PidFile $LAB_WORK/apache.pid
		LoadModule mpm_prefork_module $modules/mod_mpm_prefork.so
		LoadModule authz_core_module $modules/mod_authz_core.so
		LoadModule dir_module $modules/mod_dir.so
		Listen $1
		ErrorLog $LAB_WORK/error.log
		DocumentRoot $LAB_WORK/www
		StartServers 2
		MinSpareServers 1
		MaxSpareServers 2
		CONF
		shift
		for line; do
			echo "$line"
		done
	} >apache.conf
}

web_lighttpd()
{
	local line
	web_files
	{
		echo "server.document-root = \"$LAB_WORK/www\""
		echo 'index-file.names = ("index.html")'
		echo 'server.network-backend = "writev"'
		for line; do
			echo "$line"
		done
	} >lighttpd.conf
}
