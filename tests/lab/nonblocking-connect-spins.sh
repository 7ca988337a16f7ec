#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The first SYN is lost, so the connect takes a second. The client tries to
# write again and again until it works, and repeats connect meanwhile.
# usage: nonblocking-connect-spins.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init nonblocking-connect-spins "$1"
fault_filter -p tcp --syn --dport 7000 -m statistic --mode nth --every 2 \
    --packet 0 -j DROP
fault_serve 7000 socat TCP-LISTEN:7000,reuseaddr EXEC:cat
fault_client "perl -MSocket -MFcntl -e 'socket(S, PF_INET, SOCK_STREAM, 0);
fcntl(S, F_SETFL, O_RDWR | O_NONBLOCK);
\$a = pack_sockaddr_in(7000, inet_aton(q($srv)));
until (connect(S, \$a) || \$!{EISCONN}) { select(undef, undef, undef, 0.2) }
syswrite S, q(hello);
fcntl(S, F_SETFL, O_RDWR);
sysread S, \$d, 5'"
lab_wait "$server_pid"
