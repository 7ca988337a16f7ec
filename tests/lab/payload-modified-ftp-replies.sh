#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A middlebox changes the word Entering in the server's replies.
# usage: payload-modified-ftp-replies.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init payload-modified-ftp-replies "$1"
fault_rewriter Entering Fntering
mkdir -p ftp empty && echo 'the file' >ftp/a && chmod 555 ftp
cat >vsftpd.conf <<EOF
listen=YES
background=NO
anonymous_enable=YES
anon_root=$LAB_WORK/ftp
secure_chroot_dir=$LAB_WORK/empty
ftp_username=www-data
seccomp_sandbox=NO
isolate=NO
isolate_network=NO
EOF
LAB_FLAGS="-f -ttt -T -yy -s 300 -e $LAB_CALLS"
fault_serve 21 vsftpd "$LAB_WORK/vsftpd.conf"
fault_client "curl -sS ftp://$srv/a"
sleep 1
fault_end TERM
