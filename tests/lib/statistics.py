#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""What the calls of strace -f files are like, whoever made them.

statistics.py RECORDED... -- GENERATED...

The share of calls that overlap another thread's, of reads that would block
though one had just been reported readable, and of streams whose end
was read while another process was exiting, before strace had written so.
Prints the mean of the files of each set, so that none counts for its length;
the status is 1 if a share of the second set is less than a tenth or more
than ten times that of the first: what is rare in recordings, as an end that
is read before strace has written that its sender is gone, is looked for in
the generated ones, and few of their programs read on until nothing is left,
as many real ones do.
"""
import io
import re
import sys

import unpacked

LINE = re.compile(r"^(\d+) +(?:[\d:.]+ )?(.*)$")
CALL = re.compile(r"^(?:<\.\.\. )?(\w+)(?:\(| resumed>)")
READS = {"read", "readv", "recv", "recvfrom", "recvmsg", "recvmmsg", "accept",
         "accept4"}
# That there is something to read, and not only room to write.
READABLE = re.compile(r"revents=POLLIN|in \[|EPOLLIN")
WAITS = {"poll", "ppoll", "select", "pselect6", "epoll_wait", "epoll_pwait"}


class Counts:
    """Of one trace."""

    def __init__(self):
        self.calls = self.overlapping = 0
        self.ready = self.again = 0
        self.ends = self.early_ends = 0

    def shares(self):
        """(of how many, how many of them) by what it is."""
        return {"overlapping calls": (self.calls, self.overlapping),
                "EAGAIN after readiness": (self.ready, self.again),
                "EOF before the exit line": (self.ends, self.early_ends)}

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
            told = text if name.startswith("epoll") else \
                text.rpartition(") = ")[2]
            state["ready"][tid] = bool(READABLE.search(told)) and \
                not re.search(r"\) += (0|-1|\?)", text)
        elif name not in ("write", "writev", "sendto", "sendmsg"):
            state["ready"].pop(tid, None)

    def trace(self, path):
        """A file of strace -f."""
        state = {"ready": {}, "exiting": set()}
        inside = set()
        for line in io.StringIO(unpacked.text(path)):
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


def means(paths):
    """The mean share over the traces that have any of what it is of."""
    shares = {}
    for path in paths:
        counts = Counts()
        counts.trace(path)
        for what, (n, of_them) in counts.shares().items():
            if n:
                shares.setdefault(what, []).append(of_them / n)
    return {what: sum(v) / len(v) for what, v in shares.items()}


def main():
    at = sys.argv.index("--")
    sets = [means(sys.argv[1:at]), means(sys.argv[at + 1:])]
    bad = False
    for what, real in sets[0].items():
        made = sets[1][what]
        fits = real / 10 <= made <= real * 10
        bad = bad or not fits
        print("%-26s recorded %.4f  generated %.4f%s" % (
            what, real, made, "" if fits else "  too far"))
    return bad


if __name__ == "__main__":
    sys.exit(main())
