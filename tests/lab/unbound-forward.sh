#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: a resolver (unbound, two threads) that asks dnsmasq on another host
# for three clients at once; all three hosts traced, payloads cut at 80.
# usage: unbound-forward.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 80 -e $LAB_CALLS"
lab_init unbound "$1"
lab_host server
lab_host resolver
lab_host client
for i in $(seq 30); do
	echo "10.9.0.$i h$i.example"
done >names
cat >unbound.conf <<CONF
server:
	directory: "$LAB_WORK"
	chroot: ""
	username: ""
	pidfile: "$LAB_WORK/pid"
	interface: 0.0.0.0
	access-control: 0.0.0.0/0 allow
	num-threads: 2
	so-reuseport: yes
	module-config: "iterator"
	do-daemonize: no
	use-syslog: no
	trust-anchor-signaling: no
forward-zone:
	name: "."
	forward-addr: $(lab_addr server)@5353
remote-control:
	control-enable: no
CONF
seq 10 | sed 's/.*/h&.example A/' >q1
seq 8 20 | sed 's/.*/h&.example A/' >q2
seq 18 30 | sed 's/.*/h&.example A +tcp/' >q3
lab_trace_bg server server.trace -- dnsmasq -k -C /dev/null -u root -p 5353 \
    --no-resolv --no-hosts --addn-hosts="$LAB_WORK/names" --pid-file
srv=$LAB_PID
lab_wait_port server 5353 udp
lab_trace_bg resolver resolver.trace -- unbound -c "$LAB_WORK/unbound.conf"
front=$LAB_PID
lab_wait_port resolver 53
lab_trace client client.trace -- sh -c "for i in 1 2 3; do dig -r +noall \
    +answer @$(lab_addr resolver) -f q\$i & done; wait"
[ "$(wc -l <client.trace.out)" = 36 ]
lab_stop "$front"
lab_stop "$srv"
lab_row server server.trace
lab_row resolver resolver.trace
lab_row client client.trace
