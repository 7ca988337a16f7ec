#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The router drops all between the hosts; a python client's blocking connect
# times out (two SYN retransmits).
# usage: connection-timeout-drop-all-python.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init connection-timeout-drop-all-python "$1"
LAB_FLAGS+=' -s 200'
lab_in client sysctl -qw net.ipv4.tcp_syn_retries=2
fault_filter -j DROP
fault_serve 8000 "$act" tcp reuse bind=0.0.0.0:8000 listen=5 accept=1
fault_client "/usr/bin/python3 -c 'import socket
socket.create_connection((\"$srv\", 8000))'"
fault_end TERM
