#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: PHP's built-in server and wget, which takes a site
# recursively, then a page with a range and a posted form.
# usage: php-server-wget.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS='-f -tt -s 128'
LAB_FLAGS+=' -e trace=!mmap,munmap,mprotect,brk,rt_sigaction,newfstatat,lseek'
lab_init php-wget "$1"
lab_host server
lab_host client
mkdir www
for n in 1 2 3 4 5 6; do
	echo "<a href='page$n.php'>$n</a>" >>www/index.html
	echo "<?php echo str_repeat('page $n ', 100 * $n); ?>" >"www/page$n.php"
done

lab_trace_bg server server.trace -- \
    php -n -S 0.0.0.0:8080 -t "$LAB_WORK/www"
srv=$LAB_PID
lab_wait_port server 8080
url=http://$(lab_addr server):8080
lab_trace client client.trace -- sh -c \
    "wget --no-config -q -r -l 1 -nd -P got $url/index.html
wget --no-config -q -O /dev/null --post-data='a=1&b=2' $url/page3.php"
[ -s got/page6.php ]
lab_stop "$srv"
lab_row server server.trace
lab_row client client.trace
