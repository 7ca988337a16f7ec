#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: a client fetches pages from an untraced host, which in turn fetches
# some from the traced server: it is no intermediary.
# usage: outside-traffic.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init outside-traffic "$1"
LAB_FLAGS="-f -ttt -T -yy -s 400 -e $LAB_CALLS"
lab_host middle
nginx_conf 80 off
sed "s|$LAB_WORK/nginx.pid|$LAB_WORK/middle.pid|" nginx.conf >middle.conf
fault_serve 80 nginx -c "$LAB_WORK/nginx.conf"
lab_in_bg middle nginx -c "$LAB_WORK/middle.conf"
lab_wait_port middle 80
fault_client "for i in 1 2; do curl -q -sS http://$(lab_addr middle)/; done"
lab_in middle curl -q -sS "http://$srv/" >/dev/null
lab_in middle curl -q -sS "http://$srv/big.txt" >/dev/null
fault_end QUIT
