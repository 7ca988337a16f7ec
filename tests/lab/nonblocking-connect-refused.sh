#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A nonblocking connect is refused; SO_ERROR tells, and the client writes all
# the same.
# usage: nonblocking-connect-refused.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init nonblocking-connect-refused "$1"
fault_serve 7000 socat TCP-LISTEN:7000,reuseaddr EXEC:cat
fault_client "echo hello | socat -t1 - TCP:$srv:7000;
perl -MSocket -MFcntl -e '\$SIG{PIPE} = q(IGNORE);
socket(S, PF_INET, SOCK_STREAM, 0);
fcntl(S, F_SETFL, O_RDWR | O_NONBLOCK);
connect(S, pack_sockaddr_in(7001, inet_aton(q($srv))));
vec(\$w, fileno(S), 1) = 1;
select(undef, \$w, undef, 5);
getsockopt(S, SOL_SOCKET, SO_ERROR);
syswrite S, q(hello);
sysread S, \$d, 5'"
lab_wait "$server_pid"
