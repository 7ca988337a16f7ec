#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A third, untraced host forges datagrams with the address and port of the
# client, which is traced: the server gets a reading that the client has never
# sent.
# usage: data-never-sent-forged.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_hosts data-never-sent-forged "$1"
lab_host other
lab_row server server.trace
lab_row client client.trace
for link in all to-other; do
	lab_in router sysctl -qw "net.ipv4.conf.$link.rp_filter=0"
done
fault_serve_udp 7000 "$act" udp bind=0.0.0.0:7000 repeat=8 recvfrom=100 end close
fault_client "$act udp bind=$cli:5000 repeat=7 'say=$srv:7000/reading' \
sleep=300 end close" &
client_pid=$!
sleep 0.9
lab_in other nping --quiet --udp -c 1 -S "$cli" -g 5000 -p 7000 \
    --data-string 'reading of another' "$srv" >/dev/null
wait "$client_pid"
lab_wait "$server_pid"
