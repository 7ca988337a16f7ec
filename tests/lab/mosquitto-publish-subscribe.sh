#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# An MQTT broker with two subscribers and five publishers.
# usage: mosquitto-publish-subscribe.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 4096 -e $LAB_CALLS"
fault_init mosquitto-publish-subscribe "$1"
cat >mosquitto.conf <<CONF
listener 1883
allow_anonymous true
user root
CONF
fault_serve 1883 mosquitto -c mosquitto.conf
fault_client "mosquitto_sub -h $srv -t 'a/#' -C 5 & \
mosquitto_sub -h $srv -q 1 -t a/b -C 5 & sleep 1; \
for i in 1 2 3 4 5; do mosquitto_pub -q 1 -h $srv -t a/b -m hello\$i; done; wait"
fault_end TERM
