#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Figure 8 of the paper: Browser sends a request of 114 bytes, Server answers
# with writes of 343 and 174 bytes, Browser reads 302 and 174 and closes;
# Server's next read gets ECONNRESET, and it shuts the connection down.
# usage: unread-data-figure-8.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_hosts unread-data-figure-8 "$1"
echo "Server,server.trace,$srv $(lab_addr6 server)," >>"$LAB_OUT/hosts.csv"
echo "Browser,browser.trace,$cli $(lab_addr6 client)," >>"$LAB_OUT/hosts.csv"
request=$(printf 'GET /%0105d' 0)
fault_serve 80 "$act" tcp reuse bind=0.0.0.0:80 listen=5 accept=6 read=8192 \
    fill=343 fill=174 sleep=500 read=8192 shutdown close @0 close
lab_trace client browser.trace -- "$act" tcp "connect=$srv:80" \
    "write=$request END" sleep=200 read=302 read=174 close
lab_wait "$server_pid"
