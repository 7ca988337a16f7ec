#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Over IPv6: nginx listens on [::]:80, curl reaches it and then tries 8080,
# where nothing listens.
# usage: no-listener-ipv6.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init no-listener-ipv6 "$1"
nginx_conf '[::]:80' off
fault_serve 80 nginx -c "$LAB_WORK/nginx.conf"
fault_client "curl -gsS http://[$(lab_addr6 server)]/; \
curl -gsS http://[$(lab_addr6 server)]:8080/; \
curl -gsS http://[$(lab_addr6 server)]:8080/"
fault_end QUIT
