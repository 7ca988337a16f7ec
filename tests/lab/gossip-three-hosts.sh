#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: three hosts that tell each other the same over UDP, each from a
# socket that is bound to all of its addresses.
# usage: gossip-three-hosts.sh OUTDIR

. "$(dirname "$0")/three-lib.sh"
three_init gossip-three-hosts "$1"

gossip()
{
	lab_trace_bg "$1" "$1.trace" -- "$act" udp bind=0.0.0.0:7880 \
	    timeout=300 sleep=1500 repeat=8 "say=$2:7880/news-" \
	    "say=$3:7880/news-" recvfrom=100 recvfrom=100 end sleep=500 close
}
gossip server "$cli" "$oth"
first=$LAB_PID
gossip client "$srv" "$oth"
second=$LAB_PID
gossip other "$srv" "$cli"
lab_wait "$LAB_PID"
lab_wait "$second"
lab_wait "$first"
