#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: apache polls a nonblocking listener; a keep-alive connection is
# quiet for two seconds before its second request.
# usage: apache-keep-alive.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 256 -e ${LAB_CALLS/open,openat,/}"
fault_init apache-keep-alive "$1"
cat >apache.conf <<END
ServerRoot $LAB_WORK
ServerName server
PidFile $LAB_WORK/apache.pid
LoadModule mpm_prefork_module /usr/lib/apache2/modules/mod_mpm_prefork.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
Listen 80
ErrorLog $LAB_WORK/error.log
DocumentRoot $LAB_WORK/www
KeepAliveTimeout 5
StartServers 2
MinSpareServers 1
MaxSpareServers 2
MaxRequestWorkers 3
END
mkdir -p www
echo hello >www/index.html
chmod 755 . www
fault_serve 80 setsid apache2 -D FOREGROUND -f "$LAB_WORK/apache.conf"
fault_client "perl -MIO::Socket::INET -e '
\$s = IO::Socket::INET->new(q($srv:80)) or die;
for (1, 2) { print \$s qq(GET /index.html HTTP/1.1\\r\\nHost: server\\r\\n\\r\\n);
sysread(\$s, \$d, 4096); print \$d; sleep 2 }'"
fault_end TERM
