#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The server has a second address 10.9.9.9 and listens on that only; the
# client asks the first.
# usage: no-listener-other-address.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init no-listener-other-address "$1"
lab_in server ip addr add 10.9.9.9/32 dev eth0
LAB_FLAGS="-f -ttt -T -yy -s 64 -e $LAB_CALLS"
fault_serve 9720 python3 -m http.server -b 10.9.9.9 9720
fault_client "curl -s http://$srv:9720/; sleep 1; curl -s http://$srv:9720/"
fault_end INT
