#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The broker listens on 1884, the client asks on 1883.
# usage: no-listener-mqtt-port.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 4096 -e $LAB_CALLS"
fault_init no-listener-mqtt-port "$1"
cat >mosquitto.conf <<CONF
listener 1884
allow_anonymous true
user root
CONF
fault_serve 1884 mosquitto -c mosquitto.conf
fault_client "mosquitto_pub -h $srv -t a -m b; mosquitto_pub -h $srv -p 1884 -t a -m b"
fault_end TERM
