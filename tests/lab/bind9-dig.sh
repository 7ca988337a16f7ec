#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: named (bind9, its own threads) answers for a zone: dig with many
# questions over UDP and TCP, a batch at a time, and a zone transfer.
# usage: bind9-dig.sh OUTDIR

# shellcheck disable=SC2016 # another program expands it
. "$(dirname "$0")/lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 600 -e $LAB_CALLS,recvmmsg,sendmmsg"
lab_init bind9 "$1"
lab_host server
lab_host client
{
	echo '$TTL 60'
	echo '@ SOA ns admin 1 60 60 60 60'
	echo '@ NS ns'
	echo 'ns A 10.0.1.2'
	for i in $(seq 60); do
		echo "h$i A 10.9.0.$i"
		echo "h$i TXT \"$(seq -s ' ' 60)\""
	done
} >example.zone
cat >named.conf <<CONF
options {
	directory "$LAB_WORK"; pid-file none; session-keyfile none;
	listen-on { any; }; listen-on-v6 { none; }; recursion no;
	dnssec-validation no; allow-transfer { any; };
	geoip-directory none;
};
controls { };
zone "example" { type primary; file "example.zone"; };
CONF
seq 40 | sed 's/.*/h&.example A/' >questions
seq 12 | sed 's/.*/h&.example TXT +tcp/' >questions-tcp
lab_trace_bg server server.trace -- named -g -n 3 -c "$LAB_WORK/named.conf"
srv=$LAB_PID
lab_wait_port server 53
at=@$(lab_addr server)
lab_trace client client.trace -- dig -r +noall +answer "$at" -f questions
lab_trace client client-tcp.trace -- sh -c "dig -r +noall +answer $at -f \
    questions-tcp & dig -r $at example AXFR >zone; wait"
[ "$(wc -l <client.trace.out)" = 40 ]
[ "$(wc -l <client-tcp.trace.out)" = 12 ]
grep -q h60 zone
lab_stop "$srv"
lab_row server server.trace
lab_row client client.trace
lab_row client client-tcp.trace
