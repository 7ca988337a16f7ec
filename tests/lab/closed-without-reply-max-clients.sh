#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# mosquitto takes two clients; the third is accepted and closed at once, with
# its CONNECT unread or not yet there.
# usage: closed-without-reply-max-clients.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init closed-without-reply-max-clients "$1"
printf 'listener 1883\nallow_anonymous true\nmax_connections 2\nuser root\n' \
    >mosquitto.conf
fault_serve 1883 mosquitto -c "$LAB_WORK/mosquitto.conf"
fault_client "mosquitto_sub -h $srv -t a -W 3 & mosquitto_sub -h $srv -t b -W 3 &
sleep 1
mosquitto_pub -h $srv -t a -m hello
wait"
fault_end TERM
