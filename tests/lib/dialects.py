#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""Compares what nc-parse makes of tests/data/dialects with what it should.

dialects.py malformed   bad and odd inputs: what EXPECT.csv says of each
dialects.py strace      one program traced under many flags and versions: its
                        records are the same, but for what a flag takes away
dialects.py ledger      every line of these and of tests/cases is accounted for
dialects.py expected    the same against EXPECTED.tsv, made by another program
dialects.py foreign     traces of other systems, written by hand with some bad
                        lines: the records are those of the .jsonl beside

Needs nc-parse in PATH; prints what differs, and how many files were read.
"""
import csv
import glob
import itertools
import os
import re
import subprocess
import sys
import tempfile

import equal
import unpacked
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
    bad = []
    quiet = parse(path, "-q")
    if row["class"] != "fatal" and (quiet[0] != status or quiet[1]):
        bad.append(f"-q: status {quiet[0]}, {quiet[1]!r}")
    if row["class"] == "fatal":
        return bad + ([] if status == 2 and messages.count(b"\n") == 1
                      else [f"status {status}: {messages!r}"])
    rejected = end.get("rejected", 0)
    strict = parse(path, "--strict")[0]
    if strict != (2 if rejected else status):
        bad.append(f"--strict: status {strict}, {rejected} rejected")
    # Ten lines are told, then how many more; an empty file is told, too.
    told = re.findall(rb":(\d+): ", messages)
    count = len(told) + (rejected > 10) + (row["warn_at"] == "eof")
    if messages.count(b"\n") != count or len(told) < min(rejected, 10):
        bad.append(f"{messages.count(10)} messages instead of {count}")
    if b"\33" in messages or any(len(x) > 300 for x in messages.split(b"\n")):
        bad.append("messages that a terminal should not get")
    if row["class"] == "accept" and messages:
        bad.append(f"unexpected: {messages!r}")
    if row["class"] == "warn" and not messages:
        bad.append("no message")
    if row["class"] == "warn" and row["warn_at"] != "eof":
        lines = sorted(map(int, told))
        if " ".join(map(str, lines)) != row["warn_at"]:
            bad.append(f"told {lines} instead of {row['warn_at']}")
        if not set(end["rejected_lines"]) <= set(lines):
            bad.append(f"rejected {end['rejected_lines']}, told {lines}")
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


def cut_arrays(c):
    return {"value"} if (c["option"] or "").endswith("TIMEO") else \
        {"marks"} if c["call"] == "ppoll" else \
        {"ready", "marks"} if c["call"] in equal.EPOLLS else \
        {"asked"} if c["call"] in equal.SCATTER else set()


# A UNIX socket of which only this call is shown.
def of_unix(c):
    return c["call"] == "recvfrom" and c["fd"] == 4 and c["asked"] == 16


# What -e raw and verbose=none show as pointers.
def no_structs(c):
    if c["call"] in equal.SCATTER:
        return ADDRESSES | {"value", "asked", "known"}
    if c["call"] in equal.FORKS | equal.EPOLLS | {"epoll_ctl"}:
        return {"flags", "ready", "marks"}
    return ADDRESSES | {"value"}


# By the start of a file's name, the first that fits: what its flags take
# away.  lost: fields by call; hidden: calls; ends: threads; more: threads'
# calls that the program has there in addition; also: calls that are there in
# addition; sockets=False: descriptors
# have no history there, so that two numbers may be one socket; limit: -s.
# What such a trace makes is marked.
def trace_network(**also):
    return dict(hidden=lambda c: c["call"] not in NETWORK, sockets=False,
                ends={3}, releases=False, lost=gone(
                    "marks", calls={"socket", "accept", "accept4"}), **also)


SPECS = (
    ("f_tt_T_s4096_yy_v|f_s4096|f_xx_s4096|f_Xverbose_yy_v_s4096",
     dict(limit=4096)),
    ("v4.10_f_yy_s4096",
     dict(limit=4096, lost=gone("flags", calls={"clone3"}))),
    ("v4.6_f_x_s4096", dict(
        limit=4096, hidden=hides(equal.VECTORS),
        lost=gone("flags", calls={"clone3"}), ends={5, 6})),
    # The dumps; 7.2 writes them below what was sent only.
    ("f_e-read-write-all", dict(dumped=lambda c: True)),
    ("v7.2_f_e-read-write-all", dict(
        dumped=lambda c: "send" in c["call"] and c["error"] is None)),
    ("f_e-read-3_e-write-3-5", dict(dumped=lambda c: c["fd"] in (3, 5))),
    # Arrays are cut like strings.
    ("f_s0", dict(limit=0, hidden=hides(equal.POLLS | equal.VECTORS),
                  lost=cut_arrays)),
    ("f_s1", dict(limit=1, hidden=hides(equal.VECTORS), lost=cut_arrays)),
    ("f_e-verbose-none", dict(
        hidden=hides(equal.POLLS | equal.VECTORS), lost=no_structs)),
    ("f_e-raw-all", dict(
        hidden=hides(equal.POLLS | equal.VECTORS),
        lost=lambda c: no_structs(c) | {"known"})),
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
    ("f_m32_e-trace-network", trace_network(more={"0.12"})),
    ("f_m32", dict(more={"0.11"})),
    ("f_e-trace-network-desc-process", {}),
    # Of connects alone one cannot tell a socket from the next.
    ("f_tt_i_k_e-trace-connect",
     dict(hidden=lambda c: c["call"] != "connect", releases=False,
          lost=gone("socket"))),
    ("f_e-trace-network|f_k_e-trace-network|f_seccomp|"
     "stderr-f_e-trace-network", trace_network()),
    # It loses clone3's threads and ends early.
    ("v4.5.20", dict(
        trace_network(), ends={2, 3},
        hidden=lambda c: c["call"] not in NETWORK - equal.VECTORS)),
    ("f_z", dict(hidden=lambda c: failed(c) or c["call"] in ("exit",
                                                            "exit_group"),
                 sockets=False, releases=False)),
    # Nothing shows that a number is a socket of read or write, nor that
    # it is another than before.
    ("f_Z", dict(hidden=lambda c: not failed(c) or c["call"] in ("read",
                                                                "write"),
                 lost=gone("socket"), releases=False, ends={3},
                 also=of_unix)),
    ("f_e-status-unfinished", dict(subset=True, sockets=False,
                                   releases=False, ends={3}, also=of_unix)),
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
            whole = {k: v for k, v in a["known"].items() if k < limit}
            if spec.get("dumped", lambda c: False)(a):
                n = a["result"] if a["call"] in ("read", "recvfrom") else \
                    a["asked"]
                if len(b["known"] or ()) != n:
                    bad.append(f"thread {t}: line {b['line']}: "
                               f"{len(b['known'] or ())} of {n} bytes")
            elif b["known"] != whole:
                bad.append(f"thread {t}: line {b['line']}: "
                           f"{len(b['known'] or ())} bytes of payload")
    return bad


def times_bad(base, records):
    """Times that are not there, or run backwards within a thread."""
    last, bad = {}, []
    timed = re.search("_t|_r|_ts", base) is not None
    for r in records:
        if r["record"] != "call" or r["call"] in (
                "attach", "leave", "release"):
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
    more, also = spec.get("more", ()), spec.get("also", lambda c: False)
    if base.startswith("f_D"):
        # strace is a grandchild: all numbers but the first are shifted.
        for r in records:
            if r.get("thread", 4) > 4:
                r["thread"] -= 4
    got, gone_here, attached = equal.canonical(records, PORTS)
    got = {t: [c for c in v if c["socket"] not in more and not also(c)]
           for t, v in got.items()}
    gone_here = [x for x in gone_here if x[0] not in more]
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


def check_files(records, merged):
    """A ledger a file, with its own numbers; one lane if they are timed."""
    hosts = [r for r in records if r["record"] == "host"]
    ends = {r["trace"]: r for r in records if r["record"] == "end"}
    bad = []
    if len(ends) != len(hosts):
        bad.append(f"{len(ends)} ledgers of {len(hosts)} files")
    if len({r["lane"] for r in hosts}) != (1 if merged else len(hosts)):
        bad.append("lanes: %s" % [r["lane"] for r in hosts])
    for h in hosts:
        with open(h["file"], "rb") as f:
            data = f.read()
        end = ends.get(h["trace"], {})
        if (end.get("lines"), end.get("bytes")) != (data.count(b"\n"),
                                                    len(data)):
            bad.append(f"{h['file']}: ledger {end}")
        if h["thread"] != int(h["file"].rsplit(b".", 1)[1]):
            bad.append(f"{h['file']}: thread {h['thread']}")
        calls = sum(r["record"] == "call" and r["trace"] == h["trace"]
                    for r in records)
        if end.get("records") != calls:
            bad.append(f"{h['file']}: {calls} records, ledger {end}")
    return bad


def check_ff(name, want, released):
    """strace -ff: the calls of -f; the sockets too, where times tell."""
    timed = name != "ff"
    paths = sorted(glob.glob(os.path.join(DATA, "strace", name, "trace.*")))
    status, messages, records = parse(paths[0], *paths[1:])
    bad = [f"status {status}: {messages!r}"] if status or messages else []
    bad += check_files(records, timed)
    got, gone_here, attached = equal.canonical(
        [r for r in records if r.get("call") != "wait4"], PORTS)
    bad += equal.compare(want, got, lambda c: {"known"},
                         sockets=equal.SAME if timed else equal.APART)
    bad += payload_bad(want, got, {})
    if timed and gone_here != released:
        bad.append(f"released {gone_here}")
    if attached:
        bad.append(f"attached {len(attached)}")
    return bad


def strace():
    folder = os.path.join(DATA, "strace")
    want, released, attached = equal.canonical(
        parse(os.path.join(folder, FULL))[2], PORTS)
    for name in ("ff", "ff_tt_T_yy"):
        yield name + "/", check_ff(name, want, released)
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
        bad += check_other(base, records)
        yield name, bad


def check_other(base, records):
    """Those that show no exchange: what they do show."""
    end = next(r for r in records if r["record"] == "end")
    calls = [r["call"] for r in records if r["record"] == "call"]
    if base.startswith("paths"):
        # Paths with all that can confuse: nothing of them is a socket.
        return [f"{calls}, {end['rejected']} rejected"] \
            if calls or end["rejected"] else []
    if "uring" in base:
        return [] if "io_uring_enter" in calls and calls[-1] == "release" \
            else [f"{end['hidden']}, {calls}"]
    return []


def tabbed():
    """EXPECTED.tsv by role: rows of (call, result, error, arguments)."""
    rows = {}
    with open(os.path.join(DATA, "strace/EXPECTED.tsv")) as f:
        for r in csv.DictReader(f, delimiter="\t",
                                quoting=csv.QUOTE_NONE):
            rows.setdefault(r["role"], []).append(r)
    return rows


ROLES = {"client": 0, "server": 1, "client-udp-thread": 2, "victim": 3,
         "vfork-child": 4, "exec-child": 5}


def of_sockets(rows, table):
    """Those of a role's rows that concern Internet sockets; table: the
    descriptors that it begins with."""
    ever = set()
    for r in rows:
        fd = re.match(r"(\d+)", r["args"])
        fd = int(fd.group(1)) if fd else None
        ours = fd in table
        ever |= table
        if r["errno"] == "EBADF":
            ours = fd in ever
        if r["call"] == "splice":
            ours = ours or int(r["args"].split(", ")[2]) in table
        if r["call"] == "socket":
            ours = r["args"].startswith("AF_INET")
            if ours and r["result"] != "-1":
                table.add(int(r["result"]))
        elif r["result"] != "-1" and ours:
            if r["call"] in ("accept", "accept4", "dup") or \
               "F_DUPFD" in r["args"]:
                table.add(int(r["result"]))
            elif r["call"] in ("dup2", "dup3"):
                table.add(int(r["args"].split(", ")[1]))
            elif r["call"] == "close":
                table.discard(fd)
        if ours and r["call"] not in ("epoll_ctl", "fstat"):
            yield r


def expected():
    """The rows of EXPECTED.tsv on Internet sockets are records, and no
    others but those of readiness and processes."""
    records = parse(os.path.join(DATA, "strace/f.txt"))[2]
    got = equal.canonical(records, PORTS)[0]
    rows = tabbed()
    for role, t in ROLES.items():
        # The server has its listener as 3, and as 20 after execve; the
        # thread has its parent's.
        table = {"server": {3}, "client-udp-thread": {3}}.get(role, set())
        want = [(r["call"], r["result"], r["errno"] or None)
                for r in of_sockets(rows.get(role, ()), table)
                if "F_GETFL" not in r["args"] and
                "F_SETFD" not in r["args"]]
        have = []
        for c in got.get(t, ()):
            if c["call"] in equal.POLLS | equal.EPOLLS | equal.FORKS | {
                    "epoll_ctl", "execve", "exit", "exit_group"} or \
               c["domain"] == "AF_UNIX" or (c["part"] or 0) > 0:
                continue
            n = sum(1 for x in got[t] if x["line"] == c["line"])
            have.append((c["call"], str(
                n if c["part"] == 0 else "" if c["result"] is None else
                c["result"]), c["error"]))
        bad = [f"{x} is {y}" for x, y in zip(want, have) if x != y][:2]
        if len(want) != len(have):
            bad.append(f"{len(have)} of {len(want)}")
        yield role, bad


# Lines that are no calls, as the ledger names them.
PASSED = ("signal", "exit", "tracer message", "dump", "summary", "blank",
          "out of phase", "program output", "script message")


def ledger_bad(path, end):
    """Each line is one of: a whole call, half a call, ignored, of no use."""
    passed = sum(end["ignored"].get(x, 0) for x in PASSED)
    bad = []
    text = unpacked.read(path)
    lines = text.count(b"\n") + (text != b"" and not text.endswith(b"\n"))
    if end["lines"] != lines or end["bytes"] != len(text):
        bad.append(f"{end['lines']} of {lines} lines, {end['bytes']} of "
                   f"{len(text)} bytes")
    if end["whole"] + end["halves"] + passed + end["lost"] != lines:
        bad.append(f"{end['whole']} whole, {end['halves']} halves, {passed} "
                   f"passed, {end['lost']} lost: not {lines} lines")
    if end["whole"] + end["halves"] - end["joined"] != end["calls"]:
        bad.append(f"{end['whole']} whole, {end['halves']} halves, "
                   f"{end['joined']} joined: not {end['calls']} calls")
    # Those have second halves whose first ones were hidden.
    if end["open"] < end["halves"] - 2 * end["joined"] and \
       not path.endswith(("/f_z.txt", "/GLITCHES.txt")):
        bad.append(f"{end['halves']} halves, {end['joined']} joined, "
                   f"{end['open']} open")
    if sum(end["classes"].values()) < end["calls"] or \
       end["lost"] > end["rejected"] or end["open"] > end["calls"]:
        bad.append(f"{end}")
    return bad


def ledger():
    cases = os.path.join(DATA, "../../cases")
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted(
                glob.glob(DATA + "/strace/*.txt") +
                glob.glob(DATA + "/strace/versions/*.txt") +
                glob.glob(DATA + "/malformed/*.strace") +
                glob.glob(DATA + "/*/*.trace") +
                glob.glob(cases + "/*/*.trace*") +
                [p for _, p in large(folder)]):
            status, messages, records = parse(path)
            ends = [r for r in records if r["record"] == "end"]
            yield os.path.relpath(path, DATA), \
                ledger_bad(path, ends[0]) if ends else \
                [] if status == 2 and messages else [f"status {status}"]


def foreign():
    os.chdir(DATA)
    for path in sorted(glob.glob("*/*.jsonl")):
        with open(path) as f:
            want = f.read().splitlines()
        shown = subprocess.run(
            ["bash", "-o", "pipefail", "-c",
             'nc-parse -q "$0" | nc-report -f jsonl',
             path.replace(".jsonl", ".trace")],
            stdout=subprocess.PIPE, text=True, check=False)
        bad = [] if shown.returncode == 0 else [f"status {shown.returncode}"]
        got = shown.stdout.splitlines()
        for a, b in itertools.zip_longest(want, got):
            if a != b:
                bad.append(f"{b} instead of {a}")
        yield path, bad


def main():
    failed_files = count = 0
    for name, bad in {"malformed": malformed, "strace": strace,
                      "expected": expected, "ledger": ledger,
                      "foreign": foreign}[sys.argv[1]]():
        count += 1
        failed_files += bool(bad)
        for text in bad:
            print(f"{name}: {text}")
    print(f"{count - failed_files} of {count}")
    sys.exit(failed_files > 0)


if __name__ == "__main__":
    main()
