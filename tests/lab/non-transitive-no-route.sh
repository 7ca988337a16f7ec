#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The router has no way from client to other; both reach server. wget tries
# three times.
# usage: non-transitive-no-route.sh OUTDIR

. "$(dirname "$0")/three-lib.sh"
three_init non-transitive-no-route "$1"
lab_in router ip rule add iif to-client to "$oth" unreachable
three_web
three_trade
fault_client "wget -q -O - http://$srv/
for i in 1 2 3; do wget -q -t 1 -O - http://$oth/; done"
three_end
