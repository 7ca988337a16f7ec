#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A middlebox rewrites the payload of an MQTT message.
# usage: payload-modified-mqtt.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 4096 -e $LAB_CALLS"
fault_init payload-modified-mqtt "$1"
cat >mosquitto.conf <<CONF
listener 1883
allow_anonymous true
user root
CONF
fault_rewriter temp=21 temp=99
fault_serve 1883 mosquitto -c mosquitto.conf
fault_client "mosquitto_sub -h $srv -t t -C 1 & sleep 1; \
mosquitto_pub -h $srv -t t -m temp=21; wait"
fault_end TERM
