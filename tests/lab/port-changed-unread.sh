#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The router gives the client's connections other ports and leaves its address; the
# server closes before it has read the whole question.
# usage: port-changed-unread.sh OUTDIR

. "$(dirname "$0")/passed-on-lib.sh"
passed_init port-changed-unread "$1"
lab_in router iptables -t nat -A POSTROUTING -p tcp --dport 7320 -j SNAT \
    --to-source "$cli:50000-50100"
passed_serve 10 3
passed_ask 7320 3
