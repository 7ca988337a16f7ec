#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Client fetches pages from server, and server from other, but the router
# drops all between client and other: curl gives up after two seconds, twice.
# usage: non-transitive-curl.sh OUTDIR

. "$(dirname "$0")/three-lib.sh"
three_init non-transitive-curl "$1"
three_apart
three_web
three_trade
fault_client "curl -q -sS http://$srv/
for i in 1 2; do curl -q -sS --connect-timeout 2 http://$oth/; done"
three_end
