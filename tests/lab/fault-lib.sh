# shellcheck shell=bash disable=SC2034
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# What the recordings of faults have in common: a server and a client, each
# with one trace. Sourced instead of lib.sh.
#
# fault_init NAME OUTDIR	hosts server and client and their rows; srv is the
#	server's address, cli the client's. Segmentation offload is off, so
#	that a packet's length is what went over the wire.
# fault_hosts NAME OUTDIR	the same without the rows
# fault_lan NAME OUTDIR	as fault_init, with both on a network (lab_lan) and
#	their rows and addresses from there
# fault_serve PORT CMD...	trace CMD on the server, wait for its TCP port
# fault_serve_udp PORT CMD...	wait for its UDP port
# fault_client SCRIPT	trace a shell script on the client; it may fail
# fault_end SIGNAL	end the server gently
# fault_filter RULE...	a rule for what passes the router
# fault_stateful SECONDS TARGET...	the router follows TCP connections, forgets those
#	that are quiet for so long, and does to what belongs to none as TARGET says
# fault_rewriter OLD NEW	the router replaces bytes in what the hosts exchange
# fault_mangler ACTION...	the router duplicates, reorders or delays: mangle.c

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/nginx-lib.sh"
LAB_FLAGS='-f -ttt -T -yy -s 512'
LAB_FLAGS+=' -e trace=!mmap,munmap,mprotect,brk,rt_sigaction,newfstatat,lseek'
server_pid=

fault_hosts()
{
	lab_init "$1" "$2"
	lab_host server
	lab_host client
	fault_plain_link server
	fault_plain_link client
	srv=$(lab_addr server)
	cli=$(lab_addr client)
	lab_cc act
	act=$LAB_WORK/act
}

fault_init()
{
	fault_hosts "$@"
	lab_row server server.trace
	lab_row client client.trace
}

fault_lan()
{
	fault_hosts "$@"
	lab_lan server client
	lab_lan_row server server.trace
	lab_lan_row client client.trace
	srv=$(lab_lan_addr server)
	cli=$(lab_lan_addr client)
}

fault_plain_link()
{
	lab_in "$1" ethtool -K eth0 tso off gso off gro off >/dev/null
	lab_in router ethtool -K "to-$1" tso off gso off gro off >/dev/null
}

fault_serve()
{
	local port=$1
	shift
	lab_trace_bg server server.trace -- "$@"
	server_pid=$LAB_PID
	lab_wait_port server "$port"
}

fault_serve_udp()
{
	local port=$1
	shift
	lab_trace_bg server server.trace -- "$@"
	server_pid=$LAB_PID
	lab_wait_port server "$port" udp
}

fault_client()
{
	lab_trace client client.trace -- sh -c "$1" || :
}

fault_end()
{
	lab_stop "$server_pid" "$1"
}

fault_filter()
{
	lab_in router iptables -A FORWARD "$@"
}

fault_stateful()
{
	local seconds=$1
	shift
	fault_filter -m conntrack --ctstate ESTABLISHED -j ACCEPT
	fault_filter -p tcp --syn -j ACCEPT
	fault_filter -p tcp -j "$@"
	lab_in router sysctl -qw net.netfilter.nf_conntrack_tcp_loose=0 \
	    net.netfilter.nf_conntrack_tcp_timeout_established="$seconds"
}

# What comes in from a host goes through a TUN device before it goes out.
fault_through()
{
	local host program=$1
	shift
	lab_cc "$program"
	lab_in router ip tuntap add dev rewrite mode tun
	lab_in router sysctl -qw net.ipv4.conf.all.rp_filter=0 \
	    net.ipv4.conf.rewrite.rp_filter=0
	lab_in router ip link set rewrite up
	lab_in router ip route add default dev rewrite table 7
	for host in server client; do
		lab_in router ip rule add iif "to-$host" table 7
	done
	lab_in_bg router "$LAB_WORK/$program" rewrite "$@"
	lab_wait_for lab_in router sh -c 'ip link show rewrite | grep -q LOWER'
}

fault_rewriter()
{
	fault_through rewrite "$@"
}

fault_mangler()
{
	fault_through mangle "$@"
}

# fault_serve_two PORT COMMAND PORT COMMAND: two servers under one strace, so
# that one trace shows the order of their calls.
fault_serve_two()
{
	fault_serve "$1" sh -c "trap 'kill \$one \$two' TERM
$2 & one=\$!
$4 & two=\$!
wait
wait"
	lab_wait_port server "$3"
}
