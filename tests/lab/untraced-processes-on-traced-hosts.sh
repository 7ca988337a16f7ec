#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: of each of two hosts some processes are traced and some are not.
# The traced curl asks a traced nginx; a traced nc asks an untraced memcached;
# an untraced curl asks the traced nginx; a traced getent asks an untraced
# resolver on its own host.
# usage: untraced-processes-on-traced-hosts.sh OUTDIR

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/nginx-lib.sh"
LAB_FLAGS='-f -ttt -T -yy -s 4096'
lab_init untraced "$1"
lab_host server
lab_host client
lab_resolv client 127.0.0.1
nginx_conf 80 off
echo "$(lab_addr server) www.example.com" >names

lab_in_bg client dnsmasq --keep-in-foreground --no-resolv --no-hosts \
    --addn-hosts="$LAB_WORK/names" --conf-file=/dev/null --user=root \
    --local=/example.com/ --pid-file
lab_in_bg server memcached -u root -p 11211 -t 1 -U 0
lab_trace_bg server server.trace -- nginx -c "$LAB_WORK/nginx.conf"
srv=$LAB_PID
lab_wait_port client 53 udp
lab_wait_port server 11211
lab_wait_port server 80
url=http://$(lab_addr server)
lab_trace client client-curl.trace -- curl -q -sSf "$url/" "$url/"
lab_in client curl -q -sSf "$url/" >/dev/null
lab_trace client client-nc.trace -- sh -c "printf 'set a 0 0 1\r\nb\r\nquit\r\n' |
    nc $(lab_addr server) 11211"
grep -q STORED client-nc.trace.out
lab_in client curl -q -sSf "$url/" >/dev/null
lab_trace client client-getent.trace -- getent ahosts www.example.com
grep -q "$(lab_addr server)" client-getent.trace.out
lab_stop "$srv" QUIT
lab_row server server.trace
lab_row client client-curl.trace
lab_row client client-nc.trace
lab_row client client-getent.trace
