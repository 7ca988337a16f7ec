#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""What the calls of strace -f files are like, whoever made them.

statistics.py RECORDED... -- GENERATED...

The share of calls that overlap another thread's, of reads that would block
though their descriptor had just been reported ready, and of streams whose end
was read while another process was exiting, before strace had written so.
Prints those of each set; the status is 1 if a share of the second
set is less than a fourth or more than sixteen times that of the first: what
is rare in recordings may be more frequent where it is looked for.
"""
import re
import sys

LINE = re.compile(r"^(\d+) +(?:[\d:.]+ )?(.*)$")
CALL = re.compile(r"^(?:<\.\.\. )?(\w+)(?:\(| resumed>)")
READS = {"read", "readv", "recv", "recvfrom", "recvmsg", "recvmmsg", "accept",
         "accept4"}
WAITS = {"poll", "ppoll", "select", "pselect6", "epoll_wait", "epoll_pwait"}


class Counts:
    """Of one set of traces."""

    def __init__(self):
        self.calls = self.overlapping = 0
        self.ready = self.again = 0
        self.ends = self.early_ends = 0

    def shares(self):
        return {"overlapping calls": self.overlapping / max(self.calls, 1),
                "EAGAIN after readiness": self.again / max(self.ready, 1),
                "EOF before the exit line":
                    self.early_ends / max(self.ends, 1)}

    def finished(self, state, tid, name, text):
        """A call has returned."""
        self.calls += 1
        if name in READS:
            if state["ready"].pop(tid, False):
                self.ready += 1
                self.again += "= -1 EAGAIN" in text
            if name not in ("accept", "accept4") and \
                    re.search(r"\) += 0( <|$)", text):
                self.ends += 1
                self.early_ends += bool(state["exiting"] - {tid})
        elif name in WAITS:
            state["ready"][tid] = not re.search(r"\) += (0|-1|\?)", text)
        elif name not in ("write", "writev", "sendto", "sendmsg"):
            state["ready"].pop(tid, None)

    def trace(self, path):
        """A file of strace -f."""
        state = {"ready": {}, "exiting": set()}
        inside = set()
        with open(path, encoding="latin-1") as f:
            for line in f:
                m = LINE.match(line.rstrip("\n"))
                if not m:
                    continue
                tid, text = m[1], m[2]
                if text.startswith("+++"):
                    state["exiting"].discard(tid)
                    continue
                call = CALL.match(text)
                if not call:
                    continue
                if call[1] == "exit_group":
                    state["exiting"].add(tid)
                if text.endswith("<unfinished ...>"):
                    inside.add(tid)
                    continue
                self.overlapping += bool(inside - {tid}) or tid in inside
                inside.discard(tid)
                self.finished(state, tid, call[1], text)


def main():
    at = sys.argv.index("--")
    sets = []
    for paths in (sys.argv[1:at], sys.argv[at + 1:]):
        counts = Counts()
        for path in paths:
            counts.trace(path)
        sets.append(counts.shares())
    bad = False
    for what, real in sets[0].items():
        made = sets[1][what]
        fits = real / 4 <= made <= real * 16
        bad = bad or not fits
        print("%-26s recorded %.4f  generated %.4f%s" % (
            what, real, made, "" if fits else "  too far"))
    return bad


if __name__ == "__main__":
    sys.exit(main())
