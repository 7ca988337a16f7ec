#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A repository is cloned from git daemon, whose children have the connection as
# their descriptors 0 and 1.
# usage: git-daemon-clone.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 1024 -e $LAB_CALLS"
fault_init git-daemon-clone "$1"
mkdir repo.git
(
	cd repo.git
	git init -q .
	for i in 1 2 3; do
		seq "$i" 30 >"file$i"
		git add .
		git -c user.name=lab -c user.email=lab@lab commit -qm "$i"
	done
)
fault_serve 9418 git daemon --export-all --base-path="$LAB_WORK" --reuseaddr \
    "$LAB_WORK"
fault_client "git clone -q git://$srv/repo.git out"
cmp out/file3 repo.git/file3
fault_end TERM
