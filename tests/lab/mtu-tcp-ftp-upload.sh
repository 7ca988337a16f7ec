#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The link between router and server carries 1280 bytes, ICMP is dropped: the
# control connection of an FTP upload works, the file never arrives.
# usage: mtu-tcp-ftp-upload.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/ftp-lib.sh"
fault_init mtu-tcp-ftp-upload "$1"
lab_in router ip link set to-server mtu 1280
lab_in router iptables -A OUTPUT -p icmp -j DROP
mkdir -p ftp/in && chmod 777 ftp/in && chmod 555 ftp
ftp_conf ftp write_enable=YES anon_upload_enable=YES ftp_username=www-data \
    idle_session_timeout=9 data_connection_timeout=9
LAB_FLAGS="-f -ttt -T -yy -s 300 -e $LAB_CALLS"
head -c 40000 /dev/zero | tr '\0' x >file.txt
fault_serve 21 vsftpd "$LAB_WORK/vsftpd.conf"
fault_client "curl -sS -m 14 -T file.txt ftp://$srv/in/a & curl -sS -m 14 -T file.txt ftp://$srv/in/b; wait"
sleep 1
fault_end TERM
