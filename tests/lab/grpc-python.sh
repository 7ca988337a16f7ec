#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: gRPC in Python, a call and a stream, from two channels that are
# closed at the end.
# usage: grpc-python.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 64 -e ${LAB_CALLS/open,openat,/}"
lab_init grpc "$1"
lab_host server
lab_host client
cat >serve.py <<'PY'
import grpc, time
from concurrent import futures
def once(request, context):
    return request.upper()
def many(request, context):
    for i in range(5):
        yield request + b"%d" % i
        time.sleep(0.1)
calls = {"Once": grpc.unary_unary_rpc_method_handler(once),
         "Many": grpc.unary_stream_rpc_method_handler(many)}
s = grpc.server(futures.ThreadPoolExecutor(2))
s.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("T", calls),))
s.add_insecure_port("0.0.0.0:5000")
s.start()
s.wait_for_termination()
PY
cat >ask.py <<'PY'
import grpc, sys
for _ in range(2):
    with grpc.insecure_channel(sys.argv[1] + ":5000") as c:
        print(c.unary_unary("/T/Once")(b"hello"))
        print(list(c.unary_stream("/T/Many")(b"number ")))
PY
lab_trace_bg server server.trace -- python3 serve.py
srv=$LAB_PID
lab_wait_port server 5000
lab_trace client client.trace -- python3 ask.py "$(lab_addr server)"
grep -q HELLO client.trace.out
lab_stop "$srv"
lab_row server server.trace
lab_row client client.trace
