#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A program that knows only IPv4 sockets is given an IPv6 address: connect
# fails, and it gives up.
# usage: address-family-perl.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init address-family-perl "$1"
fault_serve 80 socat TCP6-LISTEN:80,reuseaddr,fork EXEC:cat
fault_client "perl -MSocket=:DEFAULT,inet_pton,pack_sockaddr_in6 -e 'socket(S, PF_INET, SOCK_STREAM, 0) or die;
connect(S, pack_sockaddr_in6(80, inet_pton(AF_INET6, \"$(lab_addr6 server)\")))
or die \"connect: \$!\"'"
fault_end TERM
