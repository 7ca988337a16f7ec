#!/bin/sh
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# terminal-capture.sh FOLDER: a trace that went to the terminal on which the
# program wrote too, captured with script(1), and one through a pipe; the same
# of three threads that write at a time, and, threads.clean, of such whose
# output went elsewhere.  tests/data/dialects/terminal are such recordings.

set -eu
out=$1
mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/talk.py" <<'END'
import os, socket, sys
a, b = socket.socketpair()
s = socket.socket()
s.bind(("127.0.0.1", 0))
s.listen()
c = socket.create_connection(s.getsockname())
d, _ = s.accept()
os.write(1, b"one line\n")
os.write(1, b"two\nlines\n")
os.write(1, b"no newline")
os.write(2, b"(half a bracket\n")
os.writev(1, [b"in \"two\" ", b"pieces\n"])
os.write(1, b"".join(b"line %d of many, more than is shown\n" % i
                     for i in range(20)))
os.write(1, b"7 close(3) = 0\n")
os.write(1, b"\033[31mred\033[m\n")
c.sendall(b"x")
d.recv(1)
if os.fork() == 0:
    os.write(1, b"a child's\nlines\n")
    os._exit(0)
os.wait()
END
cd "$work"
calls=write,writev,network,process,close
script -qc "strace -f -e trace=$calls /usr/bin/python3 -S talk.py" \
    "$out/script.trace" >/dev/null </dev/null
strace -f -tt -s 16 -e trace=$calls /usr/bin/python3 -S talk.py 2>&1 |
    cat >"$out/pipe.trace"
cat >"$work/threads.py" <<'END'
import os, socket, threading

texts = [b"out %d", b"line %d\n", b"two\n%d lines, of them a long one\n",
         b"\n", b"x", b"%d\n", b'a "quoted\n', b"7 close(3) = 0\n"]
s = socket.socket()
s.bind(("127.0.0.1", 0))
s.listen()

def talk(n):
    c = socket.create_connection(s.getsockname())
    for i, text in enumerate(texts * 2):
        os.write(1, text.replace(b"%d", b"%d" % (10 * n + i)))
        c.send(b"x" * (n + 1))
        c.recv(9)
    c.close()

def answer():
    d, _ = s.accept()
    while got := d.recv(9):
        os.writev(1, [b"got ", b"%d\n" % len(got)])
        d.send(got)

for t in [threading.Thread(target=talk, args=(n,)) for n in range(3)] + \
        [threading.Thread(target=answer) for n in range(3)]:
    t.start()
END
strace -f -e trace=$calls /usr/bin/python3 -S threads.py 2>&1 |
    cat >"$out/threads.pipe"
script -qc "strace -f -e trace=$calls /usr/bin/python3 -S threads.py" \
    "$out/threads.script" >/dev/null </dev/null
strace -f -e trace=$calls /usr/bin/python3 -S threads.py 2>"$out/threads.clean" \
    >/dev/null
