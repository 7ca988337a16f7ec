# shellcheck shell=bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# An nginx for the recordings: files to serve and a configuration.
#
# nginx_conf LISTEN SENDFILE [LINE...]	write nginx.conf and www/ to the work
#	folder: two workers, epoll; each LINE goes into the server block

nginx_conf()
{
	local listen=$1 sendfile=$2 line
	shift 2
	mkdir -p www
	chmod 755 www
	seq -f 'line %06.0f' 17000 | head -c 204800 >www/big.txt
	echo 'hello from the server' >www/index.html
	{
		cat <<-CONF
		worker_processes 2;
		daemon off;
		pid $LAB_WORK/nginx.pid;
		error_log $LAB_WORK/error.log;
		events { use epoll; worker_connections 64; }
		http {
		access_log $LAB_WORK/access.log;
		client_body_temp_path $LAB_WORK/body;
		proxy_temp_path $LAB_WORK/proxy;
		fastcgi_temp_path $LAB_WORK/fastcgi;
		uwsgi_temp_path $LAB_WORK/uwsgi;
		scgi_temp_path $LAB_WORK/scgi;
		sendfile $sendfile;
		server {
		listen $listen;
		root $LAB_WORK/www;
		CONF
		for line; do
			echo "$line"
		done
		echo '} }'
	} >nginx.conf
}
