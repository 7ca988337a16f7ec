#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: apache2 with the event MPM (two processes, threads, graceful end);
# h2load asks over HTTP/1.1 from 5 connections and 2 threads, pipelined.
# usage: apache-event-h2load.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS="-f -tt -T -yy -s 300 -e $LAB_CALLS"
lab_init apache "$1"
lab_host server
lab_host client
mkdir www
seq 900 >www/numbers.txt
m=/usr/lib/apache2/modules
cat >apache.conf <<CONF
ServerName server
ServerRoot $LAB_WORK
PidFile $LAB_WORK/pid
ErrorLog $LAB_WORK/error.log
DefaultRuntimeDir $LAB_WORK
Listen 8080
LoadModule mpm_event_module $m/mod_mpm_event.so
LoadModule authz_core_module $m/mod_authz_core.so
StartServers 2
ServerLimit 2
ThreadsPerChild 6
MaxRequestWorkers 12
User www-data
Group www-data
DocumentRoot $LAB_WORK/www
CONF
lab_trace_bg server server.trace -- apache2 -DFOREGROUND -f "$LAB_WORK/apache.conf"
srv=$LAB_PID
lab_wait_port server 8080
lab_trace client client.trace -- h2load --h1 -n 60 -c 5 -t 2 -m 3 \
    "http://$(lab_addr server):8080/numbers.txt"
grep -q '60 succeeded' client.trace.out
lab_stop "$srv"
lab_row server server.trace
lab_row client client.trace
