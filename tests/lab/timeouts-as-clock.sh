#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: SO_RCVTIMEO as a clock. A server looks around every 300 ms while it
# waits for a connection and for requests, of which some take a second to
# come; after the last one it lets a timeout end the connection. A client waits
# in turns for an answer that takes long; another repeats its question over UDP
# until it is answered.
# usage: timeouts-as-clock.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init timeouts-as-clock "$1"
fault_serve 7000 "$act" thread @2 udp bind=0.0.0.0:7001 timeout=300 \
    repeat=4 recvfrom=100 end timeout=20000 repeat=3 recvfrom=100 end reply=9 \
    end \
    tcp reuse bind=0.0.0.0:7000 listen=5 timeout=300 \
    repeat=4 accept=1 @0 end \
    timeout=5000 accept=1 timeout=300 repeat=3 recv=100 end \
    timeout=5000 recv=100 sleep=1500 send=answer timeout=300 recv=100 recv=100 \
    send=more recv=100 close join
fault_client "sleep 2
$act tcp connect=$srv:7000 timeout=400 sleep=1200 send=question \
repeat=3 recv=100 end timeout=3000 recv=100 recv=100 recv=100 close
$act udp timeout=400 repeat=3 say=$srv:7001/question recvfrom=100 end close"
lab_wait "$server_pid"
