#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# An FTP server that passes the data connections to an unprivileged process;
# curl loads a file, and again over an active connection.
# usage: vsftpd-curl.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/ftp-lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 200 -e $LAB_CALLS"
fault_init vsftpd-curl "$1"
mkdir -p pub
seq 1 800 >pub/file
chmod a-w pub
echo "ftp:x:107:65534::$LAB_WORK/pub:/bin/false" \
    >>"/etc/netns/$(lab_ns server)/passwd"
ftp_conf pub
fault_serve 21 vsftpd vsftpd.conf
fault_client "curl -sS ftp://$srv/file -o got; \
curl -sS -P - ftp://$srv/file -o again"
cmp got pub/file
cmp again pub/file
fault_end TERM
