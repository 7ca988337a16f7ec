#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: the JDK's own HTTP server and java.net.http client: six requests at
# once, then one on a kept connection, one that is cancelled; strace -f without
# times, as an operator would write it.
# usage: java-http-client-server.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS="-f -yy -s 256 -e ${LAB_CALLS/pread64,open,openat,/}"
lab_init java-http "$1"
lab_host server
lab_host client
cp "$LAB_SRC/HttpServe.java" "$LAB_SRC/HttpAsk.java" .
javac HttpServe.java HttpAsk.java
java="java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData"
java="$java -Djava.net.preferIPv4Stack=true"
# shellcheck disable=SC2086 # a list of words
{
	lab_trace_bg server server.trace -- $java HttpServe
	srv=$LAB_PID
	lab_wait_port server 8000
	lab_trace client client.trace -- $java HttpAsk \
	    "http://$(lab_addr server):8000/"
}
grep -q 'seven answers' client.trace.out
lab_stop "$srv"
lab_row server server.trace
lab_row client client.trace
