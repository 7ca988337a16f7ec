#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: a work queue: beanstalkd, a producer, and two workers that wait for
# jobs, until one is interrupted and one has waited long enough.
# usage: beanstalkd-workers.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS='-f -t -yy -s 100 -e trace=!mmap,munmap,mprotect,brk,rt_sigaction,newfstatat,lseek,futex'
lab_init beanstalkd "$1"
lab_host server
lab_host client
cat >work.py <<'PY'
import socket, sys
s = socket.create_connection((sys.argv[1], 11300))
f = s.makefile("rb")
while True:
    s.sendall(b"reserve-with-timeout %s\r\n" % sys.argv[2].encode())
    line = f.readline().split()
    if not line or line[0] != b"RESERVED":
        break
    print(f.read(int(line[2]) + 2))
    s.sendall(b"delete %s\r\n" % line[1])
    f.readline()
PY
cat >put.py <<'PY'
import socket, sys, time
s = socket.create_connection((sys.argv[1], 11300))
for i in range(6):
    job = b"job number %d" % i
    s.sendall(b"put 0 0 60 %d\r\n%s\r\n" % (len(job), job))
    s.recv(100)
    time.sleep(0.2)
s.sendall(b"quit\r\n")
PY
lab_trace_bg server server.trace -- beanstalkd -l 0.0.0.0 -p 11300
srv=$LAB_PID
lab_wait_port server 11300
to=$(lab_addr server)
lab_trace client client.trace -- sh -c "timeout -s INT 4 python3 work.py $to 60 &
python3 work.py $to 1 & python3 put.py $to; wait"
lab_stop "$srv"
lab_row server server.trace
lab_row client client.trace
