#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: Go's resolver asks for both types of address at a time; the server
# has one for the name and refuses the other, which is asked for again.
# usage: resolver-go-one-type.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init resolver-go-one-type "$1"
LAB_FLAGS="-f -ttt -T -yy -s 512 -e $LAB_CALLS"
cp "$LAB_SRC/resolve.go" .
HOME=$LAB_WORK CGO_ENABLED=0 go build -o resolve resolve.go
lab_resolv client "$srv"
fault_serve_udp 53 dnsmasq -k --no-resolv --no-hosts --log-facility=- -u root \
    "--address=/svc.test/$srv"
fault_client "$LAB_WORK/resolve svc.test"
fault_end TERM
