#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Nothing is translated: between the traced client's connections come those of a
# process of its host that is in no trace, and the client asks a port of the server
# whose process is in none either. Each is matched by its own port.
# usage: port-changed-strangers.sh OUTDIR

. "$(dirname "$0")/passed-on-lib.sh"
passed_init port-changed-strangers "$1"
lab_in_bg server perl server.pl 8080 99 6
passed_serve 99 12
lab_wait_port server 8080
lab_in_bg client perl client.pl "$srv" 6 untraced 7320
other=$LAB_PID
passed_ask 8080 6 7320
lab_wait "$other"
