#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# nginx with reuseport listeners and two workers, one of them stopped:
# requests that fall to it are never accepted, curl gives up after 2 s. In
# the end one that tries again until it is answered.
# usage: unaccepted-connection-nginx.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init unaccepted-connection-nginx "$1"
nginx_conf '80 reuseport' off
fault_serve 80 nginx -c "$LAB_WORK/nginx.conf"
sleep 0.5
worker=$(pgrep -P "$(cat nginx.pid)" | head -1)
kill -STOP "$worker"
fault_client "for i in 1 2 3 4; do curl -sS -m 2 -o page http://$srv/; done; \
until curl -sS -m 2 -o page http://$srv/; do :; done"
fault_end TERM
