#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A client asks nginx for a large file and then does something else for three
# seconds; nginx, which does not block, cannot get rid of it. The client closes
# the connection.
# usage: buffer-full-nginx.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init buffer-full-nginx "$1"
LAB_FLAGS='-f -ttt -T -yy -s 64'
nginx_conf 80 on
head -c 9000000 /dev/zero >www/zeros
fault_serve 80 nginx -c "$LAB_WORK/nginx.conf"
fault_client "exec /usr/bin/perl -MIO::Socket::INET -e '
\$s = IO::Socket::INET->new(PeerAddr => q($srv:80)) or die;
syswrite(\$s, qq(GET /zeros HTTP/1.0\r\n\r\n)); sysread(\$s, \$x, 4096);
sleep 3; close(\$s); sleep 1'"
fault_end QUIT
