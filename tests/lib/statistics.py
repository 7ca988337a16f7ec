#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""What the calls of strace -f files are like, whoever made them.

statistics.py [-t TABLE] RECORDED... -- GENERATED...

Of each trace with two tasks or more: the shares below, each of what the words
before its colon say.  Prints how many traces have any of that, the mean of
their shares, so that none counts for its length, and the 10th, 50th and 90th
percentile; first of those recorded from real programs, then of the generated.

The status is 1 if the generator leaves the range of the real ones: if its mean
is less than a fifth of theirs; or more than half as much again as their mean
and their 90th percentile; but what is rare and what the order of calls depends
on (SOUGHT) it may have up to fifteen times as often.

-t keeps the table: writes it to a file, or, if that exists, compares: the
status is 1 if a generated mean is another one by more than a third and .02.
"""
import argparse
import csv
import io
import os
import re
import sys

import unpacked

LINE = re.compile(r"^(?:\[pid +)?(\d+)\]? +(?:[\d:.]+ +)?(.*)$")
CALL = re.compile(r"^(?:<\.\.\. )?(\w+)(?:\(| resumed>)")
RESULT = re.compile(r"\) += (-?\d+|\?)")
ASKED = re.compile(r", (\d+)(?:, [A-Z0-9_|]+, NULL, NULL|, [A-Z0-9_|]+)?\)")
STREAM_READS = {"read", "recv", "recvfrom"}
READS = STREAM_READS | {"readv", "recvmsg", "recvmmsg", "accept", "accept4"}
WRITES = {"write", "writev", "send", "sendto", "sendmsg", "sendmmsg"}
# That there is something to read, and not only room to write.
READABLE = re.compile(r"revents=POLLIN|in \[|EPOLLIN")
WAITS = {"poll", "ppoll", "select", "pselect6", "epoll_wait", "epoll_pwait"}
MAKES = {"clone", "clone3", "fork", "vfork"}

# Of what: what of it is counted.
SHARES = ("calls: that overlap another task's",
          "calls: shown in two halves",
          "reads after readiness: EAGAIN",
          "reads: EAGAIN",
          "reads of a number of bytes: that get less",
          "ends of streams: while another process exits, before its line",
          "waits that return: with a timeout",
          "connects: in progress",
          "tasks made: that show before their maker's call returns",
          "tasks: that end by a signal",
          "calls begun: that never return")


# Of these: what kills, races and waits for ever look for.
SOUGHT = {s for s in SHARES if s.startswith(("ends", "tasks: ", "calls begun"))}

VALUES = ("traces", "mean", "10 %", "median", "90 %")
MEAN = 1


class Counts:
    """Of one trace."""

    def __init__(self):
        self.of = dict.fromkeys(SHARES, 0)
        self.has = dict.fromkeys(SHARES, 0)
        self.tasks = set()

    def add(self, what, yes):
        """One more of what a share is of, that has it or not."""
        self.of[SHARES[what]] += 1
        self.has[SHARES[what]] += bool(yes)

    def read(self, state, tid, text):
        """A read has returned."""
        again = "= -1 EAGAIN" in text
        if state["ready"].pop(tid, False):
            self.add(2, again)
        self.add(3, again)

    def finished(self, state, tid, name, text):
        """A call has returned; text: what stands behind its name."""
        result = RESULT.search(text)
        n = int(result[1]) if result and result[1] != "?" else None
        if name in READS:
            self.read(state, tid, text)
            if name.startswith("accept") or n is None:
                return
            asked = ASKED.search(text[text.rfind('"'):]) \
                if name in STREAM_READS else None
            if n > 0 and asked and '"' in text:
                self.add(4, n < int(asked[1]))
            if n == 0:
                self.add(5, state["exiting"] - {tid})
        elif name in WAITS:
            told = text if name.startswith("epoll") else \
                text.rpartition(") = ")[2]
            state["ready"][tid] = bool(READABLE.search(told)) and \
                n is not None and n > 0
            if n is not None and n >= 0:
                self.add(6, n == 0)
        elif name not in WRITES:
            state["ready"].pop(tid, None)
        if name == "connect" and "AF_INET" in state["first"].get(tid, "") + \
                text:
            self.add(7, "EINPROGRESS" in text)
        if name in MAKES and n:
            self.add(8, str(n) in self.tasks)

    def trace(self, path):
        """A file of strace -f."""
        state = {"ready": {}, "exiting": set(), "first": {}}
        inside = set()
        for line in io.StringIO(unpacked.text(path)):
            m = LINE.match(line.rstrip("\n"))
            if not m:
                continue
            tid, text = m[1], m[2]
            if text.startswith("+++"):
                state["exiting"].discard(tid)
                inside.discard(tid)
                self.add(9, "killed by" in text)
                continue
            call = CALL.match(text)
            if not call:
                continue
            self.tasks.add(tid)
            if call[1] == "exit_group":
                state["exiting"].add(tid)
            if text.endswith("<unfinished ...>"):
                inside.add(tid)
                state["first"][tid] = text
                continue
            self.add(0, inside - {tid} or tid in inside)
            self.add(1, tid in inside)
            self.add(10, re.search(r"\) += \?", text) and
                     not call[1].startswith("exit"))
            inside.discard(tid)
            self.finished(state, tid, call[1], text)
            state["first"].pop(tid, None)
        for _ in inside:
            self.add(10, True)


def percentile(values, part):
    """Of a sorted list."""
    return values[min(int(len(values) * part), len(values) - 1)]


def rows(paths):
    """{share: its VALUES}"""
    counts = []
    for path in paths:
        c = Counts()
        c.trace(path)
        if len(c.tasks) > 1:
            counts.append(c)
    out = {}
    for what in SHARES:
        one = sorted(c.has[what] / c.of[what] for c in counts if c.of[what])
        one = one or [0.]
        out[what] = (len(one), sum(one) / len(one)) + tuple(
            percentile(one, part) for part in (.1, .5, .9))
    return out


def out_of_range(what, real, made):
    """Why the generator is not like the real traces, or None."""
    mean = real[MEAN]
    high = max(1.5 * mean, 1.5 * real[-1])
    if what in SOUGHT:
        high = 15 * mean
    if not mean / 5 <= made[MEAN] <= high:
        return "out of %.3f to %.3f" % (mean / 5, high)
    return None


def left(table, path):
    """Shares of which the kept table says something else, as words."""
    with open(path, newline="", encoding="utf-8") as f:
        kept = {r["share"]: float(r["generated mean"])
                for r in csv.DictReader(f)}
    for row in table:
        was, now = kept.get(row["share"], 0), float(row["generated mean"])
        if abs(now - was) > was / 3 + .02:
            yield "%s: %.3f in %s, now %.3f" % (row["share"], was, path, now)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("-t", "--table")
    p.add_argument("files", nargs=argparse.REMAINDER)
    a = p.parse_args()
    at = a.files.index("--")
    sets = {"recorded": rows(a.files[:at]), "generated": rows(a.files[at + 1:])}
    table, bad = [], []
    for what in SHARES:
        row = {"share": what}
        for name, values in sets.items():
            for value, v in zip(VALUES, values[what]):
                row[name + " " + value] = \
                    "%.3f" % v if isinstance(v, float) else v
        table.append(row)
        why = out_of_range(what, *(s[what] for s in sets.values()))
        print("%-62s" % what, *list(row.values())[1:], why or "")
        bad += [why] if why else []
    if a.table and os.path.exists(a.table):
        for why in left(table, a.table):
            print(why)
            bad.append(why)
    elif a.table:
        with open(a.table, "w", newline="", encoding="utf-8") as f:
            out = csv.DictWriter(f, list(table[0]), lineterminator="\n")
            out.writeheader()
            out.writerows(table)
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
