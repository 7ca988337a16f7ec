#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# nginx may not connect to the UNIX socket of php-fpm, whose file is its
# owner's alone: the client gets a 502.
# usage: permission-unix-socket.sh OUTDIR

. "$(dirname "$0")/lib.sh"
lab_init permission-unix-socket "$1"
LAB_FLAGS="-f -ttt -T -yy -s 256 -e $LAB_CALLS"
lab_host server
lab_host client
srv=$(lab_addr server)
mkdir tmp
cat >nginx.conf <<EOF
daemon off; worker_processes 1; error_log $LAB_WORK/error.log; pid $LAB_WORK/pid; user nobody nogroup;
events {}
http { access_log off; client_body_temp_path tmp; proxy_temp_path tmp; fastcgi_temp_path tmp; uwsgi_temp_path tmp; scgi_temp_path tmp;
server { listen 8000; location / { fastcgi_pass unix:$LAB_WORK/php.sock; } } }
EOF
cat >fpm.conf <<EOF
[global]
error_log=$LAB_WORK/fpm.log
[www]
user=root
group=root
listen=$LAB_WORK/php.sock
listen.mode=0600
pm=static
pm.max_children=1
EOF
lab_in_bg server php-fpm8.2 -n -F -R -y "$LAB_WORK/fpm.conf"
fpm=$LAB_PID
lab_wait_for test -S php.sock
lab_trace_bg server server.trace -- nginx -p "$LAB_WORK" -c "$LAB_WORK/nginx.conf"
nginx=$LAB_PID
lab_wait_port server 8000
lab_trace client client.trace -- curl -s "http://$srv:8000/index.php"
lab_stop "$nginx"
kill "$fpm"
lab_row server server.trace
lab_row client client.trace
