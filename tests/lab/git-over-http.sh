#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: git clones a repository over plain HTTP from lighttpd: many small
# requests, some for files that are not there.
# usage: git-over-http.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
. "$(dirname "$0")/web-lib.sh"
fault_init git-over-http "$1"
LAB_FLAGS="-f -s 100 -e ${LAB_CALLS/open,openat,/}"
web_lighttpd "server.port = 8080"
(export HOME="$LAB_WORK" GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
git init -q -b main src; cd src; for i in 1 2 3; do seq $((i * 100)) >f$i; git add .; git commit -qm "commit $i"; done
git clone -q --bare . ../www/r.git; cd ../www/r.git; git update-server-info)
fault_serve 8080 lighttpd -D -f lighttpd.conf
fault_client "git clone -q http://$srv:8080/r.git got; git ls-remote http://$srv:8080/none.git"
cmp src/f3 got/f3
fault_end TERM
