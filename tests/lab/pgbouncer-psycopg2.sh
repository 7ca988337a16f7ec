#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: a Python program with a pool of three connections through pgbouncer,
# which is closed at exit; pgbouncer keeps its own to PostgreSQL.
# usage: pgbouncer-psycopg2.sh OUTDIR

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/postgres-lib.sh"
lab_init pgbouncer "$1"
lab_host server
lab_host proxy
lab_host client
postgres_init
cat >bouncer.ini <<CONF
[databases]
postgres = host=$(lab_addr server) port=5432 user=postgres
[pgbouncer]
listen_addr = 0.0.0.0
listen_port = 6432
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 2
ignore_startup_parameters = extra_float_digits
CONF
cat >ask.py <<'PY'
import sys
from concurrent.futures import ThreadPoolExecutor
from psycopg2.pool import ThreadedConnectionPool
pool = ThreadedConnectionPool(1, 3, host=sys.argv[1], port=6432,
                              user="postgres", dbname="postgres",
                              sslmode="disable", gssencmode="disable")
def work(n):
    c = pool.getconn()
    with c, c.cursor() as q:
        q.execute("select %s, pg_sleep(0.1), repeat('x', 3000)", (n,))
        r = q.fetchone()[0]
    pool.putconn(c)
    return r
with ThreadPoolExecutor(3) as e:
    print(sum(e.map(work, range(8))))
pool.closeall()
PY
LAB_FLAGS="-f -ttt -y -s 64 -e ${LAB_CALLS/open,openat,/}"
# shellcheck disable=SC2086
lab_trace_bg server server.trace -- $as "$bin/postgres" -D "$LAB_WORK/data"
srv=$LAB_PID
lab_wait_port server 5432
# shellcheck disable=SC2086
lab_trace_bg proxy proxy.trace -- $as pgbouncer "$LAB_WORK/bouncer.ini"
front=$LAB_PID
lab_wait_port proxy 6432
lab_trace client client.trace -- python3 ask.py "$(lab_addr proxy)"
grep -q 28 client.trace.out
lab_stop "$front" INT
lab_stop "$srv" INT
lab_row server server.trace
lab_row proxy proxy.trace
lab_row client client.trace
