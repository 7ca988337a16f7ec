#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The router passes connections to port 8080, where nothing listens, on to another
# port of the same server, which closes before it has read the whole question. No
# annotations: the client's ports are not known.
# usage: port-redirected-unread.sh OUTDIR

. "$(dirname "$0")/passed-on-lib.sh"
passed_init port-redirected-unread "$1"
LAB_FLAGS="-f -tt -s 64 -e $LAB_CALLS"
lab_in router iptables -t nat -A PREROUTING -p tcp --dport 8080 -j DNAT \
    --to-destination "$srv:7320"
passed_serve 10 3
passed_ask 8080 3
