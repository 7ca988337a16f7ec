#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""Watches nc-parse while its input is still being written.

live.py soon         a pipe that pauses: its records are out before it goes on
live.py early        a fast pipe of what does not matter: some are out early
live.py fifos        two FIFOs as operands, written at the same time
live.py progress ARG...   what stderr shows in 2.5 s: a terminal's, then a file's
live.py peak FILE... the peak memory of reading each, MB

Needs nc-parse in PATH; prints what it saw.
"""
import fcntl
import os
import pty
import resource
import select
import subprocess
import sys
import tempfile
import threading
import time

SOCKET = b"7 socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP) = 3\n"
SEND = (b"7 sendto(3, \"abc\", 3, 0, {sa_family=AF_INET, sin_port=htons(80), "
        b"sin_addr=inet_addr(\"10.0.0.1\")}, 16) = 3\n")
OTHER = b"7 getpid() = 7\n"


def start(operand):
    return subprocess.Popen(["nc-parse", operand], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE)


def shown(p, seconds):
    """What comes out within that time."""
    out = b""
    end = time.monotonic() + seconds
    while time.monotonic() < end and b"sendto" not in out:
        if select.select([p.stdout], [], [], 0.05)[0]:
            got = os.read(p.stdout.fileno(), 1 << 16)
            if not got:
                break
            out += got
    return out


def soon():
    p = start("-")
    p.stdin.write(SOCKET + 3 * SEND)
    p.stdin.flush()
    print("paused:", b"sendto" in shown(p, 20))
    p.stdin.write(SEND)
    p.stdin.flush()
    print("again:", b"sendto" in shown(p, 20))
    p.stdin.close()
    p.stdout.read()
    print("status:", p.wait())


def early():
    """Bytes that were taken before the first record came."""
    p = start("-")
    fd = p.stdin.fileno()
    fcntl.fcntl(fd, fcntl.F_SETFL, os.O_NONBLOCK)
    data = OTHER * 10 + SOCKET + SEND + OTHER * 200000
    at = 0
    while at < len(data):
        r, w, _ = select.select([p.stdout], [fd], [])
        if r:
            break
        # Whole lines: the last one is not cut.
        at += os.write(fd, data[at:at + len(OTHER) * 1000])
    print("before 1 MB:", at < 1000000)
    p.stdin.close()
    p.stdout.read()
    print("status:", p.wait())


def fifos():
    with tempfile.TemporaryDirectory() as folder:
        names = [os.path.join(folder, n) for n in ("a.trace", "b.trace")]
        for n in names:
            os.mkfifo(n)

        def feed(name):
            with open(name, "wb") as f:
                f.write(SOCKET + SEND * 10000)

        threads = [threading.Thread(target=feed, args=(n,)) for n in names]
        for t in threads:
            t.start()
        p = subprocess.run(["nc-parse"] + names, stdout=subprocess.PIPE)
        for t in threads:
            t.join()
        print("status:", p.returncode, "records:", p.stdout.count(b"sendto"))


def progress(args):
    """A slow pipe; in the middle a bad line makes a message."""
    def feed(p):
        for i in range(25):
            p.stdin.write((SOCKET if i == 0 else b"") + OTHER * 1000 +
                          (b"7 ?bad\n" if i == 20 else b""))
            p.stdin.flush()
            time.sleep(0.1)
        p.stdin.close()
        p.wait()

    def child(stderr):
        return subprocess.Popen(["nc-parse"] + args + ["-"], stderr=stderr,
                                stdin=subprocess.PIPE, preexec_fn=foreground,
                                stdout=subprocess.DEVNULL)

    def foreground():
        """With a terminal of its own, if there is one."""
        if not os.isatty(2):
            return
        os.setsid()
        import termios
        fcntl.ioctl(2, termios.TIOCSCTTY, 0)

    master, slave = pty.openpty()
    p = child(slave)
    os.close(slave)
    feed(p)
    out = b""
    try:
        while True:
            out += os.read(master, 65536)
    except OSError:
        pass
    print("terminal:", out)
    with tempfile.TemporaryFile() as f:
        feed(child(f))
        f.seek(0)
        print("file:", f.read())


def peak(files):
    for name in files:
        with open(os.devnull, "wb") as null:
            subprocess.run(["nc-parse", "-q", name], stdout=null)
        # Of the largest child so far: name the smallest first.
        used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        print(os.path.basename(name), used // 1024)


if __name__ == "__main__":
    commands = {"soon": soon, "early": early, "fifos": fifos}
    if sys.argv[1] == "progress":
        progress(sys.argv[2:])
    elif sys.argv[1] == "peak":
        peak(sys.argv[2:])
    else:
        commands[sys.argv[1]]()
