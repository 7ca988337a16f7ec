#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Nothing wrong: a script asks for a server on its UNIX socket until it is up.
# usage: unix-socket-late.sh OUTDIR

. "$(dirname "$0")/lib.sh"
lab_init unix-socket-late "$1"
lab_host server
cat >start.sh <<'EOF'
redis-server --port 0 --unixsocket db.sock --save '' --logfile log &
until redis-cli -e -s db.sock ping; do
	sleep 0.02
done
redis-cli -s db.sock set a b
redis-cli -s db.sock shutdown nosave
wait
EOF
lab_trace server server.trace -f -tt -yy -s 64 -e "$LAB_CALLS" -- sh start.sh
lab_row server server.trace
