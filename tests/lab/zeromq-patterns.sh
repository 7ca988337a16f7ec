#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: ZeroMQ: a request and its reply, publish and subscribe, with a
# subscriber that starts before its publisher and so connects again and again.
# usage: zeromq-patterns.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS="-ff -ttt -T -yy -s 200 -e ${LAB_CALLS/open,openat,/}"
lab_init zeromq "$1"
lab_host server
lab_host client
cat >serve.py <<'PY'
import zmq, time
c = zmq.Context()
r = c.socket(zmq.REP)
r.bind("tcp://*:5555")
for _ in range(3):
    r.send(b"to " + r.recv())
p = c.socket(zmq.PUB)
p.bind("tcp://*:5556")
time.sleep(1)
for i in range(5):
    p.send(b"news %d" % i)
time.sleep(0.3)
PY
cat >ask.py <<'PY'
import zmq, sys
c = zmq.Context()
s = c.socket(zmq.SUB)
s.setsockopt(zmq.SUBSCRIBE, b"news")
s.connect("tcp://%s:5556" % sys.argv[1])
r = c.socket(zmq.REQ)
r.connect("tcp://%s:5555" % sys.argv[1])
for i in range(3):
    r.send(b"question %d" % i)
    print(r.recv())
for i in range(5):
    print(s.recv())
PY
lab_trace_bg server server.trace -- python3 serve.py
srv=$LAB_PID
lab_wait_port server 5555
lab_trace client client.trace -- python3 ask.py "$(lab_addr server)"
grep -q 'news 4' client.trace.out
lab_wait "$srv"
lab_row server 'server.trace.*'
lab_row client 'client.trace.*'
