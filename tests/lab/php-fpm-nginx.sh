#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: nginx and PHP-FPM on one host, FastCGI over loopback; a page, an
# error page of the script's, one that takes a second.
# usage: php-fpm-nginx.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -ttt -s 128 -e $LAB_CALLS"
fault_init php-fpm "$1"
nginx_conf 80 off "location ~ php$ { include /etc/nginx/fastcgi_params; fastcgi_param SCRIPT_FILENAME $LAB_WORK/www\$uri; fastcgi_pass 127.0.0.1:9000; }"
echo '<?php echo "hello ", date("Y");' >www/a.php
echo '<?php sleep(1); echo "slow";' >www/slow.php
echo '<?php http_response_code(500); echo str_repeat("no ", 2000);' >www/bad.php
chmod 755 .
cat >fpm.conf <<CONF
[global]
error_log = $LAB_WORK/fpm.log
daemonize = no
[www]
user = www-data
group = www-data
listen = 127.0.0.1:9000
pm = static
pm.max_children = 2
CONF
lab_trace_bg server fpm.trace -- php-fpm8.2 -n -F -y "$LAB_WORK/fpm.conf"
fpm=$LAB_PID
lab_wait_port server 9000
lab_row server fpm.trace
fault_serve 80 nginx -c "$LAB_WORK/nginx.conf"
fault_client "curl -q -sS http://$srv/a.php; wget --no-config -q -O - http://$srv/slow.php http://$srv/bad.php
curl -q -sS http://$srv/bad.php -o /dev/null; curl -q -sS -Z http://$srv/slow.php http://$srv/a.php"
lab_stop "$fpm"
fault_end QUIT
