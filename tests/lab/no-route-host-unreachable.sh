#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The router rejects all with "host unreachable".
# usage: no-route-host-unreachable.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 4096 -e $LAB_CALLS"
fault_init no-route-host-unreachable "$1"
fault_filter -j REJECT --reject-with icmp-host-unreachable
fault_serve 7000 nc -l -p 7000
fault_client "nc -w 3 $srv 7000 </dev/null; socat -u OPEN:/dev/null TCP:$srv:7000"
fault_end TERM
