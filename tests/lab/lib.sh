# shellcheck shell=bash disable=SC2034
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The laboratory: hosts in network namespaces, joined through a router
# namespace, whose programs are recorded with strace. Sourced by the scripts
# of this folder; needs root, iproute2 and strace.
#
#	. "$(dirname "$0")/lib.sh"
#	lab_init NAME OUTDIR	# work folder /srv/lab/NAME, output folder, trap
#	lab_host server		# 10.0.1.2 and fd00:1::2, next one 10.0.2.2 ...
#	lab_host client
#	lab_trace_bg server server.trace -- nginx -c "$LAB_WORK/nginx.conf"
#	srv=$LAB_PID
#	lab_wait_port server 80
#	lab_trace client client.trace -- curl "http://$(lab_addr server)/"
#	lab_stop "$srv"
#	lab_row server server.trace
#	lab_row client client.trace
#
# lab_init NAME OUTDIR	start; LAB_PREFIX (environment, default "lab") begins
#			the names of the namespaces. Sets LAB_WORK and LAB_OUT,
#			changes to LAB_WORK.
# lab_host HOST		a namespace with eth0, addresses and default routes
#			through the router. Name it with at most 12 letters.
# lab_lan HOST...	a network of their own besides: eth1 with 10.9.0.N/24 on a
#			bridge, and the route for multicast; N is the host's number
# lab_lan_addr HOST	print its address there
# lab_lan_row HOST FILE	add a row with that address alone
# lab_addr HOST		print its IPv4 address; lab_addr6 HOST its IPv6 one
# lab_ns HOST		print its namespace; the host "router" is the router,
#			whose link to HOST is called to-HOST
# lab_in HOST CMD...	run untraced inside HOST; in a clean environment
# lab_in_bg HOST CMD...	the same in the background, LAB_PID is its process
# lab_trace HOST FILE [STRACE OPTION...] -- CMD...
#			run CMD under strace inside HOST, wait, return its
#			status. Options default to LAB_FLAGS. Output of CMD
#			goes to the work folder, as FILE.out and FILE.err.
# lab_trace_bg ...	the same in the background; LAB_PID is strace's
# lab_attach HOST FILE [STRACE OPTION...] -- PID...
#			strace -p in the background, once it has attached
# lab_stop PID [SIGNAL]	PID of lab_trace_bg: SIGTERM (or SIGNAL) to the traced
#			program, then wait until strace has written its file
# lab_wait PID		wait for a background program to end by itself
# lab_wait_port HOST PORT [tcp|udp]	until a socket listens; looks, never
#			connects, so that it leaves no mark in a trace
# lab_wait_for CMD...	until CMD succeeds; at most 20 s
# lab_resolv HOST ADDR	HOST's resolver is ADDR; call before its programs start
# lab_hosts_line HOST LINE	add LINE to HOST's own /etc/hosts
# lab_row HOST FILE [NAT]	add a row to hosts.csv with HOST's addresses
# lab_cc NAME		compile src/NAME.c to $LAB_WORK/NAME
# lab_py NAME		copy src/NAME.py to $LAB_WORK/NAME.py
#
# LAB_FORM (environment): these options of strace instead of a script's own, for
# the recordings whose `expect' says form-of.
#
# Descriptors 3 to 5 are the script's own: programs do not inherit them.
# LAB_CALLS is an -e option for programs that read many files as they start:
# all that matters to descriptors and processes, without mmap and stat.
# A script that fails, or ends, leaves no process and no namespace behind.

set -eu

LAB_PREFIX=${LAB_PREFIX:-lab}
LAB_FLAGS=${LAB_FLAGS:--f -ttt -T -yy -s 65536}
LAB_CALLS=trace=%network,%process,read,write,readv,writev,pread64,open,openat
LAB_CALLS=$LAB_CALLS,close,close_range,dup,dup2,dup3,pipe,pipe2,fcntl,ioctl
LAB_CALLS=$LAB_CALLS,poll,ppoll,select,pselect6,epoll_create1,epoll_ctl
LAB_CALLS=$LAB_CALLS,epoll_wait,epoll_pwait,sendfile,splice,eventfd2
LAB_SRC=$(cd "$(dirname "${BASH_SOURCE[0]}")/src" && pwd)
LAB_NS=$LAB_PREFIX$$
LAB_USERS='root|www-data|redis|haproxy|memcache|postgres|mysql|bind|unbound|proxy'
LAB_HOSTS=()
LAB_PID=

lab_die()
{
	echo "lab: $*" >&2
	exit 2
}

lab_ns()
{
	echo "$LAB_NS-$1"
}

# Only processes inside our own namespaces are ended, each by its id.
lab_cleanup()
{
	local host ns pid
	for host in "${LAB_HOSTS[@]}"; do
		ns=$(lab_ns "$host")
		for pid in $(ip netns pids "$ns" 2>/dev/null); do
			kill -TERM "$pid" 2>/dev/null || :
		done
	done
	sleep 0.2
	for host in "${LAB_HOSTS[@]}"; do
		ns=$(lab_ns "$host")
		for pid in $(ip netns pids "$ns" 2>/dev/null); do
			kill -KILL "$pid" 2>/dev/null || :
		done
		ip netns del "$ns" 2>/dev/null || :
		rm -rf "/etc/netns/$ns"
	done
	[ -z "${LAB_WORK:-}" ] || [ -n "${LAB_KEEP:-}" ] || rm -rf "$LAB_WORK"
}

lab_init()
{
	[ "$(id -u)" = 0 ] || lab_die "must run as root"
	LAB_WORK=/srv/lab/$1
	rm -rf "$LAB_WORK"
	mkdir -p "$2" "$LAB_WORK"
	chmod 755 /srv/lab "$LAB_WORK"
	LAB_OUT=$(cd "$2" && pwd)
	trap lab_cleanup EXIT
	trap 'exit 1' INT TERM HUP
	cd "$LAB_WORK"
	rm -f "$LAB_OUT"/*.trace "$LAB_OUT"/*.trace.*
	echo "host,trace,address,nat" >"$LAB_OUT/hosts.csv"
	lab_netns router
	lab_in router sysctl -qw net.ipv4.ip_forward=1 \
	    net.ipv6.conf.all.forwarding=1
}

lab_netns()
{
	LAB_HOSTS+=("$1")
	mkdir -p "/etc/netns/$(lab_ns "$1")"
	printf '127.0.0.1\tlocalhost %s\n::1\tlocalhost\n' "$1" \
	    >"/etc/netns/$(lab_ns "$1")/hosts"
	: >"/etc/netns/$(lab_ns "$1")/resolv.conf"
	# Programs look up users; the recording machine's must not show.
	grep -E "^($LAB_USERS|nobody|sshd|dnsmasq):" /etc/passwd |
	    sed 's|:/root:|:/srv/lab:|' >"/etc/netns/$(lab_ns "$1")/passwd"
	grep -E "^($LAB_USERS|nogroup):" /etc/group \
	    >"/etc/netns/$(lab_ns "$1")/group"
	ip netns add "$(lab_ns "$1")"
	ip -n "$(lab_ns "$1")" link set lo up
}

lab_mac()
{
	ip -n "$1" -o link show "$2" | sed 's/.*link.ether \([^ ]*\) .*/\1/'
}

lab_host()
{
	local ns rt n=${#LAB_HOSTS[@]}
	ns=$(lab_ns "$1")
	rt=$(lab_ns router)
	lab_netns "$1"
	ip link add eth0 netns "$ns" type veth peer name "to-$1" netns "$rt"
	ip -n "$ns" addr add "10.0.$n.2/24" dev eth0
	ip -n "$rt" addr add "10.0.$n.1/24" dev "to-$1"
	ip -n "$ns" addr add "fd00:$n::2/64" dev eth0 nodad
	ip -n "$rt" addr add "fd00:$n::1/64" dev "to-$1" nodad
	ip -n "$ns" link set eth0 up
	ip -n "$rt" link set "to-$1" up
	# Neighbour discovery on a new link takes seconds, long enough for an
	# EHOSTUNREACH over IPv6.
	ip -n "$ns" neigh add "fd00:$n::1" dev eth0 nud permanent \
	    lladdr "$(lab_mac "$rt" "to-$1")"
	ip -n "$rt" neigh add "fd00:$n::2" dev "to-$1" nud permanent \
	    lladdr "$(lab_mac "$ns" eth0)"
	ip -n "$ns" route add default via "10.0.$n.1"
	ip -n "$ns" -6 route add default via "fd00:$n::1"
}

lab_lan()
{
	local host ns rt
	rt=$(lab_ns router)
	ip -n "$rt" link add lan type bridge mcast_snooping 0
	ip -n "$rt" link set lan up
	for host in "$@"; do
		ns=$(lab_ns "$host")
		ip link add eth1 netns "$ns" type veth peer name "lan-$host" \
		    netns "$rt"
		ip -n "$rt" link set "lan-$host" master lan up
		ip -n "$ns" addr add "$(lab_lan_addr "$host")/24" \
		    broadcast + dev eth1
		ip -n "$ns" link set eth1 up
		ip -n "$ns" route add 224.0.0.0/4 dev eth1
		ip -n "$ns" route add 255.255.255.255 dev eth1
	done
}

lab_lan_addr()
{
	echo "10.9.0.$(lab_number "$1")"
}

lab_lan_row()
{
	echo "$1,$2,$(lab_lan_addr "$1")," >>"$LAB_OUT/hosts.csv"
}

lab_number()
{
	local i
	for i in "${!LAB_HOSTS[@]}"; do
		if [ "${LAB_HOSTS[$i]}" = "$1" ]; then
			echo "$i"
			return
		fi
	done
	lab_die "no host $1"
}

lab_addr()
{
	echo "10.0.$(lab_number "$1").2"
}

lab_addr6()
{
	echo "fd00:$(lab_number "$1")::2"
}

# The caller's environment must not reach a trace: programs look for files
# in HOME and heed proxies. Nor must the machine's certificates.
lab_env()
{
	local ns
	ns=$(lab_ns "$1")
	shift
	exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME="$LAB_WORK" \
	    LC_ALL=C OPENSSL_CONF=/dev/null SSL_CERT_FILE=/dev/null \
	    SSL_CERT_DIR="$LAB_WORK" ip netns exec "$ns" "$@"
}

lab_in()
{
	(lab_env "$@")
}

lab_in_bg()
{
	(lab_env "$@") </dev/null 3>&- 4>&- 5>&- &
	LAB_PID=$!
}

# The strace command line of lab_trace, put into LAB_CMD.
lab_command()
{
	local file=$1 opts=()
	shift
	while [ "$#" -gt 0 ] && [ "$1" != -- ]; do
		opts+=("$1")
		shift
	done
	[ "$#" -gt 0 ] || lab_die "lab_trace: no -- before the command"
	shift
	# shellcheck disable=SC2206
	[ "${#opts[@]}" -gt 0 ] || opts=($LAB_FLAGS)
	# shellcheck disable=SC2206
	[ -z "${LAB_FORM:-}" ] || opts=($LAB_FORM -e "${LAB_CALLS/open,openat,/}")
	LAB_CMD=(strace "${opts[@]}" -o "$LAB_OUT/$file")
	LAB_ARGS=("$@")
}

lab_trace()
{
	local host=$1 file=$2
	shift
	lab_command "$@"
	(lab_env "$host" "${LAB_CMD[@]}" "${LAB_ARGS[@]}") \
	    >"$LAB_WORK/$file.out" 2>"$LAB_WORK/$file.err" 3>&- 4>&- 5>&-
}

lab_trace_bg()
{
	local host=$1 file=$2
	shift
	lab_command "$@"
	(lab_env "$host" "${LAB_CMD[@]}" "${LAB_ARGS[@]}") \
	    >"$LAB_WORK/$file.out" 2>"$LAB_WORK/$file.err" </dev/null 3>&- 4>&- 5>&- &
	LAB_PID=$!
}

lab_attach()
{
	local host=$1 file=$2 p pids=()
	shift
	lab_command "$@"
	for p in "${LAB_ARGS[@]}"; do
		pids+=(-p "$p")
	done
	(lab_env "$host" "${LAB_CMD[@]}" "${pids[@]}") \
	    >"$LAB_WORK/$file.out" 2>"$LAB_WORK/$file.err" </dev/null 3>&- 4>&- 5>&- &
	LAB_PID=$!
	lab_wait_for grep -q attached "$LAB_WORK/$file.err"
}

lab_stop()
{
	local child
	for child in $(pgrep -P "$1"); do
		kill "-${2:-TERM}" "$child" 2>/dev/null || :
	done
	wait "$1" || :
}

lab_wait()
{
	wait "$1"
}

lab_wait_for()
{
	local i
	for i in $(seq 400); do
		if "$@"; then
			return
		fi
		sleep 0.05
	done
	lab_die "waited in vain ($i) for: $*"
}

lab_listens()
{
	ip netns exec "$(lab_ns "$1")" ss -Hln "${3:--t}" "sport = :$2" |
	    grep -q .
}

lab_wait_port()
{
	case ${3:-tcp} in
	udp)	lab_wait_for lab_listens "$1" "$2" -u;;
	*)	lab_wait_for lab_listens "$1" "$2" -t;;
	esac
}

lab_resolv()
{
	echo "nameserver $2" >"/etc/netns/$(lab_ns "$1")/resolv.conf"
}

lab_hosts_line()
{
	echo "$2" >>"/etc/netns/$(lab_ns "$1")/hosts"
}

lab_row()
{
	local file=$2

	[[ " ${LAB_FORM:-}" != *' -ff'* ]] || file+='.*'
	echo "$1,$file,$(lab_addr "$1") $(lab_addr6 "$1"),${3:-}" \
	    >>"$LAB_OUT/hosts.csv"
}

lab_cc()
{
	cc -O1 -Wall -Wextra -pthread -o "$LAB_WORK/$1" "$LAB_SRC/$1.c"
}

lab_py()
{
	cp "$LAB_SRC/$1.py" "$LAB_WORK/$1.py"
}
