#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: unbound with four threads, which use each other's descriptor
# numbers again, and clients over UDP and TCP; a file a thread (strace -ff)
# with neither annotations nor times.
# usage: ff-untimed-unbound.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS="-ff -s 400 -e $LAB_CALLS"
lab_init ff-unbound "$1"
lab_host server
lab_host client
cat >unbound.conf <<CONF
server:
	directory: "$LAB_WORK"
	chroot: ""
	username: ""
	pidfile: "$LAB_WORK/pid"
	interface: 0.0.0.0
	access-control: 0.0.0.0/0 allow
	num-threads: 4
	so-reuseport: no
	module-config: "iterator"
	do-daemonize: no
	use-syslog: no
	trust-anchor-signaling: no
	local-zone: "example." static
	local-data: "a.example. A 10.9.0.1"
	local-data: "b.example. A 10.9.0.2"
remote-control:
	control-enable: no
CONF
lab_trace_bg server server.trace -- unbound -c "$LAB_WORK/unbound.conf"
srv=$LAB_PID
lab_wait_port server 53
lab_trace client client.trace -- sh -c "for i in 1 2 3 4; do
    dig -r +noall +answer @$(lab_addr server) a.example A
    dig -r +noall +answer @$(lab_addr server) b.example A +tcp; done"
[ "$(wc -l <client.trace.out)" = 8 ]
lab_stop "$srv"
lab_row server 'server.trace.*'
lab_row client 'client.trace.*'
