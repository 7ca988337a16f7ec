#!/usr/bin/env bats
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# nc-report -f pcapng, read by tshark.

load ../lib/helper

setup()
{
	cd "$BATS_TEST_TMPDIR" || exit
	export CASES=$ROOT/tests/cases XDG_CONFIG_HOME=$BATS_TEST_TMPDIR
}

# packets CASE: the case's exchange as CASE.pcapng
packets()
{
	netcheck -f pcapng -o "$1.pcapng" "$CASES/$1/hosts.csv" || [ $? -eq 1 ]
}

# look FILE TSHARK-OPTION...: payload is not dissected, checksums are checked
look()
{
	tshark -n -r "$1" -d tcp.port==0-65535,data -d udp.port==0-65535,data \
		-o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE \
		-o udp.check_checksum:TRUE "${@:2}" 2>"$1.err"
	grep -v '^Running as user' "$1.err"
	return 0
}

# faults CASE: what tshark objects to; a reset is none
faults()
{
	packets "$1"
	look "$1.pcapng" -Y '_ws.malformed || tcp.analysis.flags ||
	    _ws.expert.severity >= 8388608 || ip.checksum.status == 0 ||
	    tcp.checksum.status == 0 || udp.checksum.status == 0'
}

@test "tshark reads every case's packets without complaint" {
	export -f packets look faults
	# shellcheck disable=SC2016 # for the inner shell
	find "$CASES" -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | sort |
		xargs -P 2 -I {} bash -c \
		'faults "$1" | sed "s/^/$1: /"' faults {} >faults.txt
	[ "$(find . -name '*.pcapng' | wc -l)" -gt 100 ]
	cat faults.txt
	[ ! -s faults.txt ]
}

@test "a packet's comment names the line of its call" {
	packets firewall-drop-one-port-curl
	run -0 look firewall-drop-one-port-curl.pcapng -T fields \
		-e tcp.flags.str -e tcp.dstport -e frame.comment
	[[ ${lines[0]} == *S*80*"client client.trace:196 connect(5, 10.0.1.2:80) = -1 EINPROGRESS" ]]
	[[ ${lines[1]} == *A*S*34600*"server server.trace:284 accept4(5, 10.0.2.2:34600, "*") = 12" ]]
	[[ $output == *S*8080*"client client.trace:394 connect"*": pending"* ]]
}

@test "a connection's payload is what was sent" {
	packets firewall-drop-one-port-curl
	run -0 look firewall-drop-one-port-curl.pcapng -q -z follow,tcp,ascii,0
	[[ $output == *"GET / HTTP/1.1"*"User-Agent: curl"*"HTTP/1.1 200 OK"* ]]
	# What is not in the trace is not in the packet, but counted.
	packets figure-3-ambiguous-order
	run -0 look figure-3-ambiguous-order.pcapng -T fields -e frame.cap_len \
		-e frame.len
	awk '$1 > $2 { exit 1 }' <<<"$output"
}

@test "datagrams tell whether they were received" {
	packets datagram-loss-echo
	run -0 look datagram-loss-echo.pcapng -Y udp.dstport==4000 -T fields \
		-e frame.comment
	[ "$(grep -c '; never received' <<<"$output")" -eq 15 ]
	[ "$(grep -c '; received at server.trace:' <<<"$output")" -eq 65 ]
}

@test "IPv6 packets, and those of a loopback" {
	packets firewall-drop-one-port-ipv6
	run -0 look firewall-drop-one-port-ipv6.pcapng -Y 'ipv6 && tcp'
	[ "${#lines[@]}" -gt 4 ]
	packets python-http-20-threads
	run -0 look python-http-20-threads.pcapng -Y 'ip.dst == 127.0.0.1' \
		-T fields -e frame.interface_name
	[ "${lines[0]}" = "lo of server" ]
}
