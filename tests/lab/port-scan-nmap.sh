#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: a scan with nmap's connect method of a host with nginx and sshd's
# port closed, then version detection; nobody's program fails.
# usage: port-scan-nmap.sh OUTDIR

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/nginx-lib.sh"
LAB_FLAGS='-f -ttt -T -yy -s 48'
LAB_FLAGS+=" -e ${LAB_CALLS/open,openat,/}"
lab_init nmap "$1"
lab_host server
lab_host client
nginx_conf '80; listen 8080' off
lab_trace_bg server server.trace -- nginx -c "$LAB_WORK/nginx.conf"
srv=$LAB_PID
lab_wait_port server 80
lab_trace client client.trace -- sh -c \
    "nmap -n -Pn -sT -p 21,22,80,443,8080 $(lab_addr server)
nmap -n -Pn -sT -sV --version-light -p 80 $(lab_addr server)
nc -z -v $(lab_addr server) 80; nc -z -w 1 $(lab_addr server) 8080"
lab_stop "$srv" QUIT
lab_row server server.trace
lab_row client client.trace
