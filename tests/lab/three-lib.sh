# shellcheck shell=bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Three hosts that talk with each other: fault-lib.sh and a host other with a
# trace of its own. Sourced instead of fault-lib.sh.
#
# three_init NAME OUTDIR	hosts server, client and other; oth is other's address
# three_apart			all between client and other is dropped
# three_web			nginx on server and on other, port 80
# three_trade			server fetches a page from other (serverget.trace)
# three_end			end both nginx

. "$(dirname "$0")/fault-lib.sh"
other_pid=

three_init()
{
	fault_init "$1" "$2"
	lab_host other
	fault_plain_link other
	lab_row other other.trace
	oth=$(lab_addr other)
	LAB_FLAGS="-f -ttt -T -yy -s 512 -e $LAB_CALLS"
}

three_apart()
{
	fault_filter -s "$cli" -d "$oth" -j DROP
	fault_filter -s "$oth" -d "$cli" -j DROP
}

three_web()
{
	nginx_conf 80 off
	sed "s|$LAB_WORK/nginx.pid|$LAB_WORK/other.pid|" nginx.conf >other.conf
	fault_serve 80 nginx -c "$LAB_WORK/nginx.conf"
	lab_trace_bg other other.trace -- nginx -c "$LAB_WORK/other.conf"
	other_pid=$LAB_PID
	lab_wait_port other 80
}

three_trade()
{
	lab_row server serverget.trace
	lab_trace server serverget.trace -- curl -q -sS "http://$oth/"
}

three_end()
{
	lab_stop "$other_pid" QUIT
	fault_end QUIT
}
