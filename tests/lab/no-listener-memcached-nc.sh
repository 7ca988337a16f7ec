#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# memcached listens on 11211; nc is told 11212.
# usage: no-listener-memcached-nc.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init no-listener-memcached-nc "$1"
fault_serve 11211 memcached -u root -t 1 -U 0 -l "$srv"
fault_client "printf 'version\r\nquit\r\n' | nc -N $srv 11212"
fault_end TERM
