#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A perl program sets the size of datagrams of its stream, UDP_CORK, and does
# not look whether it could; its exchange works.
# usage: invalid-socket-option-ignored.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init invalid-socket-option-ignored "$1"
fault_serve 7000 socat TCP-LISTEN:7000,reuseaddr EXEC:cat
fault_client "perl -MSocket -e 'socket(S, PF_INET, SOCK_STREAM, 0) or die;
setsockopt(S, 17, 1, 1);
connect(S, pack_sockaddr_in(7000, inet_aton(\"$srv\"))) or die;
syswrite S, \"hello\"; sysread S, \$d, 5; print \$d'"
lab_wait "$server_pid"
