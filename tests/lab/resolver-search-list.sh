#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: names are looked up through a search list of three domains, the
# third of which has them; there are no IPv6 addresses; a reverse look-up.
# usage: resolver-search-list.sh OUTDIR

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/nginx-lib.sh"
LAB_FLAGS='-f -ttt -T -yy -s 256'
LAB_FLAGS+=' -e trace=!mmap,munmap,mprotect,brk,rt_sigaction,newfstatat,lseek'
lab_init search "$1"
lab_host server
lab_host names
lab_host client
lab_resolv client "$(lab_addr names)"
echo 'search a.example b.example c.example' \
    >>"/etc/netns/$(lab_ns client)/resolv.conf"
nginx_conf 80 off
lab_trace_bg server server.trace -- nginx -c "$LAB_WORK/nginx.conf"
srv=$LAB_PID
lab_wait_port server 80
lab_trace_bg names names.trace -- dnsmasq -k -C /dev/null --no-resolv \
    --no-hosts --log-facility=- --user=root --pid-file="$LAB_WORK/pid" \
    --host-record="www.c.example,$(lab_addr server)" --local=/example/
dns=$LAB_PID
lab_wait_port names 53 udp
lab_trace client client.trace -- sh -c "curl -q -sS http://www/
wget --no-config -q -O - http://www/
getent hosts $(lab_addr server)
curl -q -sS http://www.c.example/" || :
lab_stop "$dns"
lab_stop "$srv" QUIT
lab_row server server.trace
lab_row names names.trace
lab_row client client.trace
