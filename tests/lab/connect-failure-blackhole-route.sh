#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The client's host has a blackhole route to the server: connect fails with
# EINVAL.
# usage: connect-failure-blackhole-route.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init connect-failure-blackhole-route "$1"
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 accept=1
lab_in client ip route add blackhole "$srv/32"
fault_client "$act tcp connect=$srv:7000 close"
fault_end TERM
