#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The server is stopped twice, as with ^Z or a debugger: for two seconds in a
# recv that begins anew afterwards, and in a poll that restart_syscall goes on
# with; and then continues.
# usage: stopped-and-continued.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init stopped-and-continued "$1"
fault_serve 7000 "$act" tcp reuse bind=0.0.0.0:7000 listen=5 accept=1 \
    recv=100 send=welcome recv=100 send=welcome poll=30000 recv=100 \
    send=welcome recv=100 close
tracee=$(pgrep -P "$server_pid")
stop()
{
	sleep 0.5
	kill -STOP "$tracee"
	sleep "$1"
	kill -CONT "$tracee"
}
{ stop 2; sleep 1; stop 1; } &
fault_client "$act tcp connect=$srv:7000 send=hello recv=100 \
sleep=1000 send=again recv=100 sleep=3000 send=again recv=100 close"
lab_wait "$server_pid"
