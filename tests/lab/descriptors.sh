#!/bin/sh
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# descriptors.sh FOLDER [SCENARIO...]: records the scenarios of
# src/descriptors, each with annotations, with inodes alone, without, as
# numbers, and a file a process; tests/data/descriptors are such recordings,
# which tests/lib/descriptors.py checks.

set -eu
here=$(dirname "$0")
out=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"
${CC:-cc} -O1 -static -pthread -w -o "$work/descriptors" \
    "$here"/src/descriptors/*.c
cd "$work"
# shellcheck disable=SC2046 # a list of words
[ $# -gt 0 ] || set -- $(./descriptors)
for s; do
	[ "$s" = attach ] && continue
	strace -f -ttt -T -o "$out/$s.trace" ./descriptors "$s" </dev/null
	strace -f -y -o "$out/$s.y.trace" ./descriptors "$s" </dev/null
	strace -f -ttt -T -yy -o "$out/$s.yy.trace" ./descriptors "$s" \
	    </dev/null
	strace -f -yy -e trace=network -o "$out/$s.net.trace" \
	    ./descriptors "$s" </dev/null
	strace -f -X raw -o "$out/$s.raw.trace" ./descriptors "$s" </dev/null
	strace -ff -ttt -T -o "$out/$s.ff" ./descriptors "$s" </dev/null
done
case " $* " in
*" attach "*)	;;
*)		exit 0 ;;
esac
# Attached when two sockets are there.
for o in "" -yy; do
	mkfifo go
	./descriptors attach <go &
	pid=$!
	exec 3>go
	sleep 0.3
	# shellcheck disable=SC2086 # $o may be nothing
	strace -f $o -o "$out/attach${o:+.yy}.trace" -p "$pid" 2>/dev/null &
	sleep 0.5
	echo >&3
	exec 3>&-
	wait
	rm go
done
