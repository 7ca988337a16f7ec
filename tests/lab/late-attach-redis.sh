#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: strace -p attaches to a redis-server that runs already and holds
# a connection of a client that was started before it, too; the server's
# trace begins in the middle of that connection, the client's at its start.
# usage: late-attach-redis.sh OUTDIR

. "$(dirname "$0")/lib.sh"
lab_init redis-late "$1"
lab_host server
lab_host client

lab_in_bg server redis-server --port 6379 --bind 0.0.0.0 \
    --protected-mode no --save '' --dir "$LAB_WORK" --daemonize no \
    >/dev/null
redis=$LAB_PID
lab_wait_port server 6379
mkfifo commands
lab_trace_bg client client.trace -- \
    sh -c "redis-cli -h $(lab_addr server) <commands"
cli=$LAB_PID
exec 3>commands
printf 'SET before 1\nGET before\n' >&3
lab_wait_for grep -q '^1' client.trace.out
lab_attach server server.trace -- "$redis"
srv=$LAB_PID
printf 'SET after 2\nGET after\nINCR after\n' >&3
lab_wait_for grep -q '^3' client.trace.out
lab_trace client client-new.trace -- redis-cli -h "$(lab_addr server)" \
    get after
exec 3>&-
lab_wait "$cli"
kill -TERM "$redis"
wait "$redis" || :
wait "$srv" || :
lab_row server server.trace
lab_row client client.trace
lab_row client client-new.trace
