#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Three hosts: the router rejects with a TCP reset what one of two clients
# sends to the broker; it tries twice. The other one works before and after.
# usage: firewall-reject-one-client.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 4096 -e $LAB_CALLS"
fault_init firewall-reject-one-client "$1"
lab_host second
lab_row second second.trace
fault_filter -s "$(lab_addr second)" -p tcp --dport 1883 \
    -j REJECT --reject-with tcp-reset
cat >mosquitto.conf <<CONF
listener 1883
allow_anonymous true
user root
CONF
fault_serve 1883 mosquitto -c mosquitto.conf
publish="mosquitto_pub -h $srv -t a -m b"
lab_trace_bg client client.trace -- sh -c "$publish; sleep 4; $publish"
client_pid=$LAB_PID
sleep 1
lab_trace second second.trace -- sh -c "$publish; sleep 1; $publish" || :
lab_wait "$client_pid"
fault_end TERM
