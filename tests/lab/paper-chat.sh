#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Table 5, a chat server: the address of one client changes while it is
# connected, so that its messages never come; what the server sends to the
# other one is dropped, while a second port works.
# usage: paper-chat.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_hosts paper-chat "$1"
lab_host other
oth=$(lab_addr other)
lab_row server server.trace
lab_row client client.trace
lab_row other other.trace
lab_py chat_serve
lab_py chat_ask
fault_serve 5222 python3 chat_serve.py 5222 5223
fault_filter -s "$srv" -d "$oth" -p tcp --sport 5222 -m length --length 61:65535 -j DROP
lab_trace_bg other other.trace -- python3 chat_ask.py "$srv" 5222 5223
two=$LAB_PID
lab_trace_bg client client.trace -- python3 chat_ask.py "$srv" 5222 5223
one=$LAB_PID
sleep 2.5
lab_in client ip addr del 10.0.2.2/24 dev eth0
lab_in client ip addr add 10.0.2.3/24 dev eth0
lab_in client ip route replace default via 10.0.2.1
lab_wait "$one" || :
lab_wait "$two" || :
fault_end TERM
