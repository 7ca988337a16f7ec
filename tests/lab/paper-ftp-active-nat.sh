#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Table 5, FTP: curl in active mode behind a translator that knows nothing of
# FTP; the server connects to the address that PORT names, which is private,
# and gets no answer.
# usage: paper-ftp-active-nat.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/ftp-lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 200 -e $LAB_CALLS"
fault_init paper-ftp-active-nat "$1"
mkdir -p pub
seq 1 800 >pub/file
chmod a-w pub
echo "ftp:x:107:65534::$LAB_WORK/pub:/bin/false" \
    >>"/etc/netns/$(lab_ns server)/passwd"
ftp_conf pub connect_timeout=6 port_promiscuous=YES
lab_in router iptables -t nat -A POSTROUTING -s "$cli" -o to-server \
    -j MASQUERADE
fault_filter -i to-server -o to-client -m state --state NEW -j DROP
fault_serve 21 vsftpd vsftpd.conf
fault_client "curl -q -sS -m 20 --disable-eprt -P - ftp://$srv/file -o got"
fault_end TERM
