#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: redis behind stunnel, in TLS from another host; the client's stunnel
# is on the client's host, and the processes there talk over loopback.
# usage: stunnel-redis.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 128 -e ${LAB_CALLS/open,openat,/}"
lab_init stunnel "$1"
lab_host server
lab_host client
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
    -keyout key.pem -out cert.pem -subj /CN=server -days 30 2>/dev/null
cat >server.conf <<CONF
foreground = yes
pid =
[redis]
accept = 0.0.0.0:6380
connect = 127.0.0.1:6379
cert = $LAB_WORK/cert.pem
key = $LAB_WORK/key.pem
CONF
cat >client.conf <<CONF
foreground = yes
pid =
[redis]
client = yes
accept = 127.0.0.1:6379
connect = $(lab_addr server):6380
CONF
lab_trace_bg server redis.trace -- redis-server --save '' --port 6379
srv=$LAB_PID
lab_wait_port server 6379
lab_trace_bg server server.trace -- stunnel4 server.conf
one=$LAB_PID
lab_wait_port server 6380
lab_trace_bg client client-tls.trace -- stunnel4 client.conf
two=$LAB_PID
lab_wait_port client 6379
lab_trace client client.trace -- sh -c "redis-cli set a b; redis-cli get a
redis-cli --raw lrange nothing 0 10; redis-cli info server"
lab_stop "$two"
lab_stop "$one"
lab_stop "$srv"
lab_row server redis.trace
lab_row server server.trace
lab_row client client-tls.trace
lab_row client client.trace
