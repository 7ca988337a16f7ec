#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: a NATS server, a subscriber and a publisher that speak its text
# protocol, keep-alives by the server, and a client that just disconnects.
# usage: nats-publish-subscribe.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS='-f -ttt -T -yy -s 300'
LAB_FLAGS+=' -e trace=!futex,nanosleep,sched_yield,mmap,munmap,rt_sigaction'
lab_init nats "$1"
lab_host server
lab_host client
lab_trace_bg server server.trace -- nats-server -a 0.0.0.0 -p 4222
srv=$LAB_PID
lab_wait_port server 4222
cat >talk.py <<'PY'
import socket, sys, threading, time
def client(lines, seconds):
    s = socket.create_connection((sys.argv[1], 4222))
    f = s.makefile("rb")
    f.readline()
    s.sendall(b'CONNECT {"verbose":false}\r\n' + lines + b"PING\r\n")
    s.settimeout(seconds)
    try:
        for line in f:
            if line.startswith(b"PING"):
                s.sendall(b"PONG\r\n")
            sys.stdout.buffer.write(line)
    except TimeoutError:
        pass
    s.close()
t = threading.Thread(target=client, args=(b"SUB news.* 1\r\n", 3))
t.start()
time.sleep(0.5)
client(b"".join(b"PUB news.a 5\r\nhello\r\n" for _ in range(20)), 1)
client(b"", 1)
t.join()
PY
lab_trace client client.trace -- python3 talk.py "$(lab_addr server)"
[ "$(grep -ac hello client.trace.out)" = 20 ]
lab_stop "$srv"
lab_row server server.trace
lab_row client client.trace
