#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A middlebox changes the word Entering in the server's replies.
# usage: payload-modified-ftp-replies.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/ftp-lib.sh"
fault_init payload-modified-ftp-replies "$1"
fault_rewriter Entering Fntering
mkdir -p ftp && echo 'the file' >ftp/a && chmod 555 ftp
ftp_conf ftp ftp_username=www-data
LAB_FLAGS="-f -ttt -T -yy -s 300 -e $LAB_CALLS"
fault_serve 21 vsftpd "$LAB_WORK/vsftpd.conf"
fault_client "curl -sS ftp://$srv/a"
sleep 1
fault_end TERM
