#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""Compares what nc-parse makes of tests/data/dialects with what it should.

dialects.py malformed   bad and odd inputs: what EXPECT.csv says of each
dialects.py strace      one program traced under many flags and versions: its
                        records are the same, but for what a flag takes away
dialects.py expected    the same against EXPECTED.tsv, made by another program

Needs nc-parse in PATH; prints what differs, and how many files were read.
"""
import csv
import glob
import os
import re
import sys
import tempfile

import equal
from equal import parse

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../data",
                    "dialects")
FULL = "f_tt_T_s4096_yy_v.txt"
# Ports that the program chose; others the kernel.
PORTS = frozenset(range(7080, 7100))
# What is seen under -e trace=network.
NETWORK = {"socket", "bind", "connect", "listen", "accept", "accept4",
           "getsockname", "getpeername", "setsockopt", "getsockopt",
           "shutdown", "sendto", "recvfrom", "sendmsg", "recvmsg", "sendmmsg",
           "recvmmsg", "sendfile"}
ADDRESSES = {"peer", "local"}


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


def gone(*fields, calls=None):
    """The fields are not compared, of all calls or of those named."""
    return lambda c: set(fields) if calls is None or c["call"] in calls \
        else set()


def hides(names):
    return lambda c: c["call"] in names


def failed(c):
    return c["error"] is not None or c["marks"] & 2


# By the start of a file's name, the first that fits: what its flags take
# away.  lost: fields by call; hidden: calls; ends: threads; more: threads'
# calls that the program has there in addition; sockets=False: descriptors
# have no history there, so that two numbers may be one socket; limit: -s.
def trace_network(**more):
    return dict(hidden=lambda c: c["call"] not in NETWORK, sockets=False,
                ends={3}, releases=False, **more)


SPECS = (
    ("f_tt_T_s4096_yy_v|f_s4096|f_xx_s4096|f_Xverbose_yy_v_s4096|"
     "f_e-read-write-all|v7.2_f_e-read-write-all|v4.10_f_yy_s4096",
     dict(limit=4096)),
    ("f_e-read-3_e-write-3-5", dict(limit=32, dumped={3, 5})),
    ("f_s0", dict(limit=0, hidden=hides(equal.POLLS | equal.VECTORS))),
    ("f_s1", dict(limit=1, hidden=hides(equal.VECTORS),
                  lost=gone("asked", calls=equal.SCATTER))),
    ("f_e-verbose-none",
     dict(hidden=hides(equal.POLLS | equal.VECTORS),
          lost=lambda c: ADDRESSES | {"value", "asked", "known"}
          if c["call"] in equal.SCATTER else ADDRESSES | {"flags"}
          if c["call"] in equal.FORKS | equal.EPOLLS | {"epoll_ctl"} else
          ADDRESSES | {"value", "ready"})),
    ("f_e-raw-all",
     dict(hidden=hides(equal.POLLS | equal.VECTORS),
          lost=lambda c: ADDRESSES | {"value", "asked", "known"}
          if c["call"] in equal.SCATTER else ADDRESSES | {"flags"}
          if c["call"] in equal.FORKS | equal.EPOLLS | {"epoll_ctl"} else
          ADDRESSES | {"value", "known", "ready"})),
    ("f_e-raw-connect-sendto",
     dict(lost=gone("peer", "known", calls={"connect", "sendto"}))),
    ("f_e-fault-socket", dict(lost=gone(
        "error", "marks", calls={"socket"}))),
    ("f_e-inject-delay-enter-error", dict(lost=gone(
        "error", "result", "marks", "peer", calls={"getpeername"}))),
    ("f_e-inject-delay|f_e-inject-retval",
     dict(lost=gone("marks"))),
    ("f_e-inject-recvfrom-error", dict(lost=lambda c: {
        "error", "result", "marks", "known"} if c["call"] == "recvfrom"
        else set(), ends={3})),
    ("f_m32_e-trace-network", trace_network(more={0: 3})),
    ("f_m32", dict(more={0: 6})),
    ("f_e-trace-network-desc-process", {}),
    ("f_tt_i_k_e-trace-connect|f_e-trace-connect",
     dict(hidden=lambda c: c["call"] != "connect", sockets=False,
          ends={3}, releases=False)),
    ("f_e-trace-network|f_k_e-trace-network|f_seccomp|"
     "stderr-f_e-trace-network", trace_network()),
    # It loses clone3's threads and ends early.
    ("v4.5.20", dict(trace_network(), ends={2, 3}, cut=True)),
    ("f_z", dict(hidden=failed, sockets=False, releases=False)),
    ("f_Z", dict(hidden=lambda c: not failed(c), sockets=False,
                 releases=False)),
    ("f_e-status-unfinished", dict(subset=True, sockets=False,
                                   releases=False, ends={3})),
    ("f_P-path", dict(subset=True, releases=False)),
    ("f_b-execve", dict(subset=True, lost=gone("result", "marks",
                                               calls={"execve"}),
                        releases=False)),
    ("none_no-f|stderr-no-f|v7.2_always-show-pid",
     dict(ends={1, 2, 3, 4, 5, 6}, releases=False)),
    # clone3 is no call that it knows: flags are not shown.
    ("v4.6|stderr_v4.6", dict(
        hidden=hides(equal.VECTORS), lost=gone("flags", calls={"clone3"}),
        ends={5, 6}, releases=False)),
    ("v4|stderr_v4", dict(lost=gone("flags", calls={"clone3"}))),
    ("", {}),
)
# Files of other programs, and an empty one.
OTHERS = ("attach", "stderr_attach", "uring", "v7.2_uring", "paths", "f_c.")


def spec_of(base):
    return next(s for names, s in SPECS
                if re.match("(?:%s)" % (names or ".*"), base))


def payload_bad(want, got, spec):
    """Payloads that -s should have left and are not there, or the reverse."""
    limit, bad = spec.get("limit", 32), []
    for t in set(want) & set(got):
        for a, b in zip(want[t], got[t]):
            if a["known"] is None or a["call"] not in equal.PLAIN or \
               "known" in spec.get("lost", gone())(a) or a["marks"] & 1:
                continue
            n = 4096 if a["fd"] in spec.get("dumped", ()) else limit
            if b["known"] != {k: v for k, v in a["known"].items() if k < n}:
                bad.append(f"thread {t}: line {b['line']}: "
                           f"{len(b['known'] or ())} bytes of payload")
    return bad


def times_bad(base, records):
    """Times that are not there, or run backwards within a thread."""
    last, bad = {}, []
    timed = re.search("_t|_r|_ts", base) is not None
    for r in records:
        if r["record"] != "call" or r["call"] in ("attach", "release"):
            continue
        if ("time" in r) != timed:
            bad.append(f"line {r['line']}: time {r.get('time')}")
        elif timed and r["time"] < last.get(r.get("thread"), 0):
            bad.append(f"line {r['line']}: time runs backwards")
        if re.search("_T", base) and r.get("result") is not None and \
           r.get("duration", -1) < 0:
            bad.append(f"line {r['line']}: no duration")
        last[r.get("thread")] = r.get("time", 0)
    return bad[:3]


def check_strace(base, want, released, records):
    spec = spec_of(base)
    names = equal.SAME if spec.get("sockets", True) else equal.APART
    got, gone_here, attached = equal.canonical(records, PORTS)
    if base == "f_D.txt":
        # strace is a grandchild: all but the first number are shifted.
        got = {t - 4 if t else 0: v for t, v in got.items()}
        gone_here = released
    for t, n in spec.get("more", {}).items():
        got[t] = [c for c in got[t] if c["socket"] not in ("0.11", "0.12")]
        gone_here = [x for x in gone_here if x[0] != "0.11"]
    kept = {t: [c for c in v if not spec.get("hidden", lambda c: False)(c)]
            for t, v in want.items() if t not in spec.get("ends", ())}
    got = {t: [c for c in v if not spec.get("hidden", lambda c: False)(c)]
           for t, v in got.items() if t not in spec.get("ends", ())}
    lost = spec.get("lost", gone())
    bad = equal.compare(kept, got, lambda c: lost(c) | {"known"},
                        sockets=names, subset=spec.get("subset", False))
    if not spec.get("subset"):
        bad += payload_bad(kept, got, spec)
    if spec.get("releases", True):
        if gone_here != released:
            bad.append(f"released {gone_here}")
        if attached:
            bad.append(f"attached {len(attached)}")
    return bad + times_bad(base, records)


def strace():
    folder = os.path.join(DATA, "strace")
    want, released, attached = equal.canonical(
        parse(os.path.join(folder, FULL))[2], PORTS)
    for path in sorted(glob.glob(folder + "/*.txt") +
                       glob.glob(folder + "/versions/*.txt")):
        name = os.path.relpath(path, folder)
        base = os.path.basename(path)
        if base.startswith("GLITCHES"):
            continue
        status, messages, records = parse(path)
        bad = []
        if status != (2 if base == "f_c.txt" else 0):
            bad.append(f"status {status}: {messages!r}")
        if not base.startswith(OTHERS):
            bad += check_strace(base, want, released, records)
        yield name, bad


def main():
    failed_files = count = 0
    for name, bad in {"malformed": malformed,
                      "strace": strace}[sys.argv[1]]():
        count += 1
        failed_files += bool(bad)
        for text in bad:
            print(f"{name}: {text}")
    print(f"{count - failed_files} of {count}")
    sys.exit(failed_files > 0)


if __name__ == "__main__":
    main()
