#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""What strace -ff would have written instead of strace -f.

split_ff.py TRACE NAME      writes NAME.PID for each process of TRACE

A file a process, without the pid column; the halves of a split call become one
line at the place and time of the first.
"""
import re
import sys

LINE = re.compile(rb"^(\d+) +((?:\d+[\d:]*(?:\.\d+)? +)?)(.*)$", re.S)
RESUMED = re.compile(rb"^<\.\.\. (\S+) resumed>(.*)$", re.S)
UNFINISHED = re.compile(rb"\s*<unfinished \.\.\.>\s*$")
CHANGED = re.compile(rb"<pid changed to (\d+) \.\.\.>\s*$")


def join(first, second):
    """The two halves of a call, as nc-parse and strace itself join them."""
    second = second.strip()
    if second[:1] in (b",", b")", b"=", b"]", b"}") or \
            first[-1:] in (b"(", b"[", b"{"):
        return first + second
    return first + (b" " if first.endswith(b",") else b", ") + second


def split(data):
    """{pid: lines}, or None if lines lack pids."""
    files, pending = {}, {}
    for line in data.split(b"\n"):
        if not line:
            continue
        m = LINE.match(line)
        if not m:
            return None
        pid, time, body = int(m[1]), m[2], m[3]
        out = files.setdefault(pid, [])
        resumed = RESUMED.match(body)
        if resumed and pid in pending:
            at, first_time, first = pending.pop(pid)
            rest = resumed[2].lstrip()
            if rest.startswith(b"<unfinished ...>"):
                rest = b" " + rest  # killed inside the call
                out[at] = first_time + first + rest
            else:
                out[at] = first_time + join(first, resumed[2])
        elif resumed:
            out.append(time + body)  # execve of another thread
        elif UNFINISHED.search(body):
            pending[pid] = len(out), time, UNFINISHED.sub(b"", body)
            out.append(time + body)
        else:
            out.append(time + body)
    return files


def main():
    with open(sys.argv[1], "rb") as f:
        files = split(f.read())
    if files is None:
        sys.exit("lines without pids")
    for pid, lines in files.items():
        with open(f"{sys.argv[2]}.{pid}", "wb") as f:
            f.write(b"\n".join(lines) + b"\n")


if __name__ == "__main__":
    main()
