#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A server looks up the names of its clients, and its name server is gone:
# each request waits for ten seconds.
# usage: name-resolution-reverse.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init name-resolution-reverse "$1"
lab_resolv server 10.0.99.53
lab_in router ip route add blackhole 10.0.99.0/24
lab_in router iptables -A FORWARD -d 10.0.99.0/24 -j DROP
lab_py who_calls
fault_serve 7100 /usr/bin/python3 -BIS "$LAB_WORK/who_calls.py" 7100
fault_client "echo hello | nc -N -w 20 $srv 7100"
fault_end TERM
