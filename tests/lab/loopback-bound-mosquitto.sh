#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# mosquitto without a configuration listens on 127.0.0.1 and ::1 only.
# usage: loopback-bound-mosquitto.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init loopback-bound-mosquitto "$1"
LAB_FLAGS="-f -ttt -T -yy -s 64 -e $LAB_CALLS"
fault_serve 1883 mosquitto -p 1883
fault_client "mosquitto_pub -h $srv -t a -m hello; mosquitto_pub -h $(lab_addr6 server) -t a -m hello"
fault_end TERM
