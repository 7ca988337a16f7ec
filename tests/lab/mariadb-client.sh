#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: MariaDB, a thread a connection; the client loads a table, asks, and
# a second one is killed by a signal while it waits for a slow query.
# usage: mariadb-client.sh OUTDIR

. "$(dirname "$0")/lib.sh"
lab_init mariadb "$1"
lab_host server
lab_host client
mkdir data
chown mysql: data
as="setpriv --reuid=mysql --regid=mysql --clear-groups"
# shellcheck disable=SC2086 # a list of words
lab_in server $as mariadb-install-db --no-defaults --datadir="$LAB_WORK/data" \
    --auth-root-authentication-method=normal --skip-test-db >install.log 2>&1
calls=trace=%network,%process,read,write,close,dup,dup2,fcntl,poll,ppoll,pipe2
# shellcheck disable=SC2086
lab_trace_bg server server.trace -f -ttt -T -s 300 -e "$calls" -- \
    $as mariadbd --no-defaults --datadir="$LAB_WORK/data" \
    --socket="$LAB_WORK/data/s" --skip-grant-tables --innodb-buffer-pool-size=8M \
    --innodb-log-file-size=4M --bind-address=0.0.0.0 --port=3306
srv=$LAB_PID
lab_wait_port server 3306
ask="mariadb --no-defaults -h $(lab_addr server) -u root --skip-ssl"
lab_trace client client.trace -f -ttt -T -s 300 -e "$calls" -- sh -c \
    "$ask -e 'create database d; use d; create table t (i int, v text);
insert into t select seq, repeat(seq, 30) from seq_1_to_300; select * from t'
timeout -s INT 1 $ask -e 'select sleep(20)'
$ask -e 'select count(*) from d.t'"
grep -q 300 client.trace.out
lab_stop "$srv"
lab_row server server.trace
lab_row client client.trace
