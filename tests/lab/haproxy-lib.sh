# shellcheck shell=bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# haproxy_conf THREADS PORT LINE...	write haproxy.cfg to the work folder: HTTP on
#	PORT; each LINE goes into the backend, or begins another section
# haproxy_exchange: curl on "client" asks haproxy on "proxy", which asks nginx
# on "server". All three are traced; the caller says which files it keeps.

haproxy_conf()
{
	local threads=$1 port=$2 line
	shift 2
	{
		cat <<-CONF
		global
		nbthread $threads
		httpclient.ssl.verify none
		defaults
		mode http
		timeout connect 5s
		timeout client 10s
		timeout server 10s
		frontend web
		bind :$port
		default_backend web
		backend web
		CONF
		for line; do
			echo "$line"
		done
	} >haproxy.cfg
}

haproxy_exchange()
{
	local srv front url
	lab_host server
	lab_host proxy
	lab_host client
	nginx_conf 80 off
	head -c 30000 www/big.txt >www/some.txt
	haproxy_conf 2 8080 "option forwardfor" \
	    "server one $(lab_addr server):80"

	lab_trace_bg server server.trace -- nginx -c "$LAB_WORK/nginx.conf"
	srv=$LAB_PID
	lab_wait_port server 80
	lab_trace_bg proxy proxy.trace -- haproxy -db -f "$LAB_WORK/haproxy.cfg"
	front=$LAB_PID
	lab_wait_port proxy 8080
	url=http://$(lab_addr proxy):8080
	lab_trace client client.trace -- curl -q -sS "$url/" "$url/some.txt" \
	    "$url/" -o index.copy -o some.copy -o /dev/null
	cmp www/some.txt some.copy
	cmp www/index.html index.copy
	lab_stop "$front"
	lab_stop "$srv" QUIT
}
