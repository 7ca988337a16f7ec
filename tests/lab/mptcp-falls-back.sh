#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: the client asks for MPTCP, which its host does not have, and uses
# TCP.
# usage: mptcp-falls-back.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init mptcp-falls-back "$1"
lab_in client sysctl -qw net.mptcp.enabled=0
fault_serve 7000 socat TCP-LISTEN:7000,reuseaddr EXEC:cat
fault_client "perl -MSocket -e 'socket(S, PF_INET, SOCK_STREAM, 262)
or socket(S, PF_INET, SOCK_STREAM, 0) or die;
connect(S, pack_sockaddr_in(7000, inet_aton(\"$srv\"))) or die;
syswrite S, \"hello\"; sysread S, \$d, 5; print \$d'"
lab_wait "$server_pid"
