#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Two traced clients behind one masquerading router ask one server.
# usage: nat-undeclared-two-clients.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_hosts nat-undeclared-two-clients "$1"
lab_host second
lab_row server server.trace
lab_row client client.trace
lab_row second second.trace
lab_in router iptables -t nat -A POSTROUTING -o to-server -j MASQUERADE
LAB_FLAGS="-f -ttt -T -yy -s 200 -e $LAB_CALLS"
fault_serve 8000 "$act" tcp reuse bind=0.0.0.0:8000 listen=5 repeat=4 @0 \
    accept=1 recv=500 $'send=HTTP/1.0 200 OK\r\n\r\nthe page\n' close end
lab_trace second second.trace -- \
    sh -c "wget -qO- http://$srv:8000/; wget -qO- http://$srv:8000/" &
fault_client "curl -s http://$srv:8000/a; curl -s http://$srv:8000/b"
wait $!
lab_wait "$server_pid"
