#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""Compares what nc-parse makes of tests/data/dialects with what it should.

dialects.py malformed   bad and odd inputs: what EXPECT.csv says of each
dialects.py strace      one program traced under many flags and versions: its
                        calls, results, errors and sockets are those of f.txt

Needs nc-parse and nc-report in PATH; prints what differs, and how many files
were read.
"""
import csv
import glob
import json
import os
import subprocess
import sys
import tempfile

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../data",
                    "dialects")
POLLS = {"poll", "ppoll", "select", "pselect6"}
VECTORS = {"sendmmsg", "recvmmsg"}
# What a file cannot show, by the start of its name: calls, and threads.
HIDDEN = {
    "f_s0": (POLLS | VECTORS, set()),
    "f_s1": (VECTORS, set()),
    "f_e-verbose-none": (POLLS | VECTORS, set()),
    "f_e-raw-all": (POLLS | VECTORS, set()),
    "f_e-fault-socket": ({"socket"}, set()),
    "v4.6": (VECTORS | {"clone3"}, {5, 6}),
    "v4.10": ({"clone3"}, {5, 6}),
    "v4.26": ({"clone3"}, {5, 6}),
}
# Files that show a part of the calls only: read without an error.
PARTS = ("f_z", "f_Z", "f_e-status", "f_e-trace-network.", "f_P-", "f_b-",
         "none", "attach", "uring", "v4.5.20", "v7.2_uring",
         "v7.2_always", "f_c", "stderr_v4")
# In 32 bits the program uses one more socket, its first thread's last.
MORE = {"f_m32": "0.11"}


def parse(path):
    """nc-parse's status, messages and records."""
    p = subprocess.run(["nc-parse", path], stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE)
    r = subprocess.run(["nc-report", "-f", "jsonl"], input=p.stdout,
                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    lines = r.stdout.decode("utf-8", "replace").split("\n")
    return p.returncode, p.stderr, [json.loads(x) for x in lines if x]


def large(folder):
    """Inputs that are too large to keep."""
    with open(os.path.join(DATA, "malformed/10_no_final_newline.strace")) as f:
        head = f.read().split("\n")[:4]
    with open(os.path.join(DATA, "malformed/31_crlf.strace")) as f:
        tail = f.read().replace("\r", "").split("\n")[-6:]
    threads = [f"{n} recvfrom(3,  <unfinished ...>"
               for n in range(1000, 11000)]
    for name, lines in (
            ("23_one_megabyte_string.strace",
             ['100 sendto(3, "' + "x" * 1048576 + '", 1048576, 0, NULL, 0)'
              " = 1048576"]),
            ("24_one_megabyte_junk.strace", ["\u00e4#" * 349525]),
            ("48_ten_thousand_pending.strace", threads)):
        path = os.path.join(folder, name)
        with open(path, "w") as f:
            f.write("\n".join(head + lines + tail))
        yield name, path


def check_malformed(row, path):
    status, messages, records = parse(path)
    end = {"calls": 0, "rejected_lines": []}
    for r in records:
        if r["record"] == "end":
            end = r
    if row["class"] == "fatal":
        return [] if status == 2 else [f"status {status}"]
    bad = []
    if b"\33" in messages or any(len(x) > 300 for x in messages.split(b"\n")):
        bad.append("messages that a terminal should not get")
    if row["class"] == "accept" and messages:
        bad.append(f"unexpected: {messages!r}")
    if row["class"] == "warn" and not messages:
        bad.append("no message")
    if row["class"] == "warn" and row["warn_at"] != "eof":
        told = " ".join(map(str, sorted(end["rejected_lines"])))
        if told != row["warn_at"]:
            bad.append(f"rejected {told} instead of {row['warn_at']}")
    want = [row["call_records"]] + row["also_ok"].split()
    if str(end["calls"]) not in want:
        bad.append(f"{end['calls']} calls instead of {' or '.join(want)}")
    return bad


def malformed():
    with tempfile.TemporaryDirectory() as folder:
        made = dict(large(folder))
        with open(os.path.join(DATA, "malformed/EXPECT.csv")) as f:
            for row in csv.DictReader(f):
                name = row["file"]
                yield name, check_malformed(row, made.get(
                    name, os.path.join(DATA, "malformed", name)))


def threads(records):
    """Each thread's calls; sockets are named by thread and first use."""
    calls = [r for r in records if r["record"] == "call" and
             r["call"] not in ("attach", "release")]
    base = min((r["thread"] for r in calls if r["thread"]), default=0)
    split, names = {}, {}
    for r in calls:
        split.setdefault((r["thread"] or base) - base, []).append(r)
    out = {}
    for t in sorted(split):
        count = 0
        for r in split[t]:
            socket = []
            for key in ("socket", "made"):
                s = r.get(key)
                if s is not None and s not in names:
                    count += 1
                    names[s] = f"{t}.{count}"
                socket.append(names.get(s))
            name = {"send": "sendto", "recv": "recvfrom"}.get(r["call"],
                                                              r["call"])
            # Children's ids differ from run to run.
            result = None if name in ("clone", "clone3", "vfork") else \
                r.get("result")
            out.setdefault(t, []).append(
                (name, r.get("part"), result, r.get("error"), *socket))
    return out


def strace():
    folder = os.path.join(DATA, "strace")
    want = threads(parse(os.path.join(folder, "f.txt"))[2])
    for path in sorted(glob.glob(folder + "/*.txt") +
                       glob.glob(folder + "/versions/*.txt")):
        name = os.path.relpath(path, folder)
        base = os.path.basename(path)
        status, messages, records = parse(path)
        bad = []
        if status != (2 if base == "f_c.txt" else 0):
            bad.append(f"status {status}: {messages!r}")
        if not base.startswith(PARTS):
            got = threads(records)
            hidden, ends = next((v for k, v in HIDDEN.items()
                                 if base.startswith(k)), (set(), set()))
            for t in sorted(set(want) - ends):
                a = [c for c in want[t] if c[0] not in hidden]
                b = [c for c in got.get(t, []) if c[0] not in hidden]
                more = [v for k, v in MORE.items() if base.startswith(k)]
                b = [c for c in b if c[4] not in more]
                pair = next(((x, y) for x, y in zip(a, b) if x != y), None)
                if pair or len(a) != len(b):
                    bad.append(f"thread {t}: {len(b)} of {len(a)}, {pair}")
        yield name, bad


def main():
    failed = count = 0
    for name, bad in {"malformed": malformed, "strace": strace}[sys.argv[1]]():
        count += 1
        failed += bool(bad)
        for text in bad:
            print(f"{name}: {text}")
    print(f"{count - failed} of {count}")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
