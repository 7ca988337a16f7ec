#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""Changes the times of a strace file and nothing else.

retime.py shift SECONDS <trace    every time of day is SECONDS later
retime.py strip <trace            no line has a time or a duration any more
"""
import re
import sys

# The thread's number, then seconds since the epoch or a time of day.
PREFIX = re.compile(
    rb"^((?:\d+(?:<[^>]*>)? +)|(?:\[pid +\d+\] ))?"
    rb"(?:(\d{9,})(\.\d+)?|(\d\d):(\d\d):(\d\d)(\.\d+)?) ")
DURATION = re.compile(rb" <\d+\.\d+>(?=\r?$)")


def shift_line(line, seconds):
    m = PREFIX.match(line)
    if not m:
        return line
    pid, epoch, fraction, h, mi, s, day_fraction = m.groups()
    if epoch:
        time = b"%d%s" % (int(epoch) + seconds, fraction or b"")
    else:
        t = (int(h) * 3600 + int(mi) * 60 + int(s) + seconds) % 86400
        time = b"%02d:%02d:%02d%s" % (t // 3600, t // 60 % 60, t % 60,
                                      day_fraction or b"")
    return (pid or b"") + time + b" " + line[m.end():]


def strip_line(line):
    m = PREFIX.match(line)
    if m:
        line = (m.group(1) or b"") + line[m.end():]
    return DURATION.sub(b"", line)


def shift(data, seconds):
    return b"\n".join(shift_line(x, seconds) for x in data.split(b"\n"))


def strip(data):
    return b"\n".join(strip_line(x) for x in data.split(b"\n"))


def main():
    data = sys.stdin.buffer.read()
    if sys.argv[1:2] == ["shift"]:
        data = shift(data, int(sys.argv[2]))
    elif sys.argv[1:] == ["strip"]:
        data = strip(data)
    else:
        sys.exit(__doc__)
    sys.stdout.buffer.write(data)


if __name__ == "__main__":
    main()
