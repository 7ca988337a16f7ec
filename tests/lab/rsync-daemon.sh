#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# rsync fetches a folder from a daemon, then stores a file there.
# usage: rsync-daemon.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 65536 -e $LAB_CALLS"
fault_init rsync-daemon "$1"
mkdir mod
seq 1 800 >mod/a
seq 5 900 >mod/b
chmod -R a+rX mod
cat >rsyncd.conf <<CONF
use chroot = no
uid = root
gid = root
[m]
path = $LAB_WORK/mod
read only = no
CONF
fault_serve 873 rsync --daemon --no-detach --config=rsyncd.conf
fault_client "rsync -a rsync://$srv/m/ got/; rsync -a got/a rsync://$srv/m/c"
cmp got/a mod/c
fault_end TERM
