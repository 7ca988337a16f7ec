#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: PostgreSQL, a process a connection; psql loads a table, pgbench
# runs transactions from four connections and two threads. strace -ttt -y.
# usage: postgresql-pgbench.sh OUTDIR

# shellcheck disable=SC2086 # a list of words
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/postgres-lib.sh"
lab_init postgresql "$1"
lab_host server
lab_host client
postgres_init

calls=trace=%network,%process,read,write,close,dup,dup2,fcntl,poll,epoll_ctl
calls=$calls,epoll_wait,epoll_create1,pipe2,sendfile
lab_trace_bg server server.trace -f -ttt -y -s 400 -e "$calls" -- \
    $as "$bin/postgres" -D "$LAB_WORK/data"
srv=$LAB_PID
lab_wait_port server 5432
to="-h $(lab_addr server) -U postgres"
# shellcheck disable=SC2086
{
	lab_trace client client-psql.trace -f -ttt -y -s 400 -e "$calls" -- \
	    "$bin/psql" $to -qc 'create table t as
	    select i, repeat(i::text, 40) as v from generate_series(1, 200) i'
	echo 'select v from t where i = 1 + :client_id * 40;
	update t set v = v where i = :client_id; select count(*) from t;' >q.sql
	lab_trace client client.trace -f -ttt -y -s 400 -e "$calls" -- \
	    "$bin/pgbench" $to -n -f q.sql -c 4 -j 2 -t 10 postgres
}
grep -q 'failed transactions: 0' client.trace.out
lab_stop "$srv" INT
lab_row server server.trace
lab_row client client-psql.trace
lab_row client client.trace
