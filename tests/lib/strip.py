#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""Takes options of strace away from a full recording: the records stay.

strip.py [-k FOLDER] TRACE...    the law over these traces, by every way
strip.py -o WAY TRACE            prints the trace without that option
strip.py -l                      the ways

A full recording is one of -f -ttt -T -yy -s large, as netcheck record makes.
Needs nc-parse in PATH; prints what breaks the law, and how many pairs of a
trace and a way were read.
"""
import io
import os
import re
import sys
import tempfile
import time

import equal
import unpacked

LINE = re.compile(r"(\d+) +(\d{9,}\.\d{6}) (.*?)( <\d+\.\d{6}>)?\n?$", re.S)
NAME = re.compile(r"(?:<\.\.\. )?([a-z_0-9]+)(?:\(| resumed>)")
HALF = re.compile(r"(?:<unfinished \.\.\.>|<detached \.\.\.>)$")
MOVES = equal.PLAIN | equal.SCATTER


def parts(lines, path):
    """(pid, time, body, duration) of each line; None in a line of no call."""
    for line in lines:
        m = LINE.match(line)
        if m is None:
            raise ValueError(f"{path}: not a full recording: {line!r}")
        yield [m[1], m[2], m[3], m[4] or ""]


def read(path):
    yield from parts(io.StringIO(unpacked.text(path), newline="\n"), path)


def end_of_string(s, at):
    """Past the string that begins at the quote."""
    at += 1
    while s[at] != '"':
        at += 2 if s[at] == "\\" else 1
    return at + 1


def end_of_note(s, at):
    """Past the annotation that begins at the '<'."""
    depth = square = 0
    while at < len(s):
        c = s[at]
        if c == "\\":
            at += 1
        elif s.startswith("->", at):
            at += 1
        elif c in "[]":
            square += 1 if c == "[" else -1
        elif c == '"' and square > 0:
            at = end_of_string(s, at) - 1
        elif c == "<":
            depth += 1
        elif c == ">":
            depth -= 1
            if depth == 0:
                at += 1
                return at + (9 if s.startswith("(deleted)", at) else 0)
        at += 1
    return at


def tokens(s):
    """The body's parts: (what, text); strings, annotations and the rest."""
    at = start = 0
    while at < len(s):
        if s[at] == '"':
            yield "text", s[start:at]
            start, at = at, end_of_string(s, at)
            yield "string", s[start:at]
        elif s[at] == "<" and s[at + 1:at + 2] != "<" and re.search(r"(\d|AT_FDCWD)$", s[start:at]):
            yield "text", s[start:at]
            start, at = at, end_of_note(s, at)
            yield "note", s[start:at]
        else:
            at += 1
            continue
        start = at
    yield "text", s[start:]


UNITS = re.compile(r'\\x[0-9a-f]{2}|\\[0-7]{1,3}|\\.|[^"\\]', re.S)
PLAIN_ESCAPES = {"n": 10, "t": 9, "r": 13, "v": 11, "f": 12, '"': 34,
                 "\\": 92}


def string_bytes(s):
    out = []
    for u in UNITS.findall(s[1:-1]):
        if u[0] != "\\":
            out.append(ord(u))
        elif u[1] == "x":
            out.append(int(u[2:], 16))
        elif u[1].isdigit():
            out.append(int(u[1:], 8))
        else:
            out.append(PLAIN_ESCAPES[u[1]])
    return out


def in_hex(s):
    return '"' + "".join("\\x%02x" % b for b in string_bytes(s)) + '"'


def each(change):
    """A way that changes the parts of every line."""
    def way(lines):
        for pid, when, body, took in lines:
            yield f"{pid} {when} {''.join(change(body))}{took}\n"
    return way


def drop_notes(body):
    return (t for what, t in tokens(body) if what != "note")


def all_hex(body):
    """-xx: strings, and annotations but those of socket addresses."""
    for what, t in tokens(body):
        if what == "string":
            t = in_hex(t)
        elif what == "note" and re.match(r"<(/|anon_inode|pipe|socket)", t):
            inner = t[1:t.rindex(">")]
            t = "<%s>%s" % (in_hex('"%s"' % inner.replace('"', '\\"'))[1:-1],
                            t[t.rindex(">") + 1:])
        yield t


def some_hex(body):
    for what, t in tokens(body):
        yield in_hex(t) if what == "string" and any(
            b < 32 or b > 126 for b in string_bytes(t)) else t


def cut_at(limit):
    """-s: payloads only; names of files and addresses stay whole."""
    def change(body):
        m = NAME.match(body)
        moves = m is not None and m[1] in MOVES
        before, depth = "", 0
        for what, t in tokens(body):
            payload = before.endswith("iov_base=") or (
                depth <= 1 and (before.endswith(", ") or
                                before.endswith("resumed>")))
            if what == "string" and moves and payload:
                units = UNITS.findall(t[1:-1])
                if len(units) > limit:
                    t = '"' + "".join(units[:limit]) + '"...'
            if what == "text":
                depth += sum(t.count(c) for c in "([{") - \
                    sum(t.count(c) for c in ")]}")
            before += t
            yield t
        # What -s cut already keeps one mark.
    return lambda body: ("".join(change(body)).replace('"......', '"...'),)


def clock(form):
    """Times of another form: see -t, -tt and -r."""
    def way(lines):
        last = None
        for pid, when, body, took in lines:
            us = int(when.replace(".", ""))
            s = time.gmtime(us // 1000000)
            if form == "r":
                d = us - (last if last is not None else us)
                last = us
                stamp = " %8d.%06d" % divmod(d, 1000000)
                if d < 0:
                    stamp = "      0.000000"
            elif form == "":
                stamp = None
            else:
                stamp = time.strftime("%H:%M:%S", s) + (
                    ".%06d" % (us % 1000000) if form == "tt" else "")
            yield f"{pid} {stamp + ' ' if stamp else ''}{body}{took}\n"
    return way


def no_durations(lines):
    for pid, when, body, _ in lines:
        yield f"{pid} {when} {body}\n"


FORKED = re.compile(r"(?:<\.\.\. )?(?:clone3?|v?fork)(?:\(| resumed>).*"
                    r"\) += (\d+)$", re.S)


def on_stderr(lines):
    """Without pid while one process is alive; messages between."""
    alive, seen = [], set()
    for pid, _, body, _ in lines:
        if pid not in alive:
            if alive:
                yield f"strace: Process {pid} attached\n"
            alive.append(pid)
        seen.add(pid)
        yield f"[pid {pid:>5}] {body}\n" if len(alive) > 1 else f"{body}\n"
        m = FORKED.match(body)
        if m and m[1] not in alive and m[1] not in seen:
            yield f"strace: Process {m[1]} attached\n"
            alive.append(m[1])
        if body.startswith("+++ "):
            alive.remove(pid)


def halves(version):
    """How other versions cut a call in two."""
    def way(lines):
        comma = {}
        for pid, when, body, took in lines:
            if body.endswith(" <unfinished ...>"):
                head = body[:-len("<unfinished ...>")]
                comma[pid] = head.rstrip().endswith(",")
                if version == "6.16" and comma[pid]:
                    body = head.rstrip().rstrip(",") + " <unfinished ...>"
            m = re.match(r"<\.\.\. \S+ resumed>", body)
            if m:
                rest = body[m.end():]
                if version == "4":
                    rest = " " + rest
                elif comma.pop(pid, False) and rest[:1] not in ")":
                    rest = ", " + rest
                body = m[0] + rest
            yield f"{pid} {when} {body}{took}\n"
    return way


OLD = {"fcntl": "fcntl64", "select": "_newselect", "ppoll": "ppoll_time64",
       "recvmmsg": "recvmmsg_time64", "pselect6": "pselect6_time64",
       "sendfile": "sendfile64"}


def in_32_bits(lines):
    """The names of 32-bit programs; send and recv with four arguments."""
    for pid, when, body, took in lines:
        m = NAME.match(body)
        if m and m[1] in OLD:
            body = body.replace(m[1], OLD[m[1]], 1)
        if re.match(r"sendto\(.*, NULL, 0\) += -?\d", body, re.S):
            body = "send" + re.sub(r", NULL, 0(\) += -?\d[^)]*(\([^()]*\))?)$",
                                   r"\1", body[6:])
        if re.match(r"recvfrom\(.*, NULL, NULL\) += -?\d", body, re.S):
            body = "recv" + re.sub(
                r", NULL, NULL(\) += -?\d[^)]*(\([^()]*\))?)$", r"\1",
                body[8:])
        yield f"{pid} {when} {body}{took}\n"


def coloured(lines):
    for pid, when, body, took in lines:
        m = NAME.match(body)
        if m:
            a, b = m.span(1)
            body = f"{body[:a]}\33[33m{body[a:b]}\33[0m{body[b:]}"
        yield f"\33[1m{pid}\33[0m {when} {body}{took}\n"


def with_comm(lines):
    for pid, when, body, took in lines:
        yield f"{pid}<a b> c] (1)> {when} {body}{took}\n"


def with_numbers(lines):
    for pid, when, body, took in lines:
        number = "" if body.startswith("+++") else "[  42] "
        yield f"{pid} {when} {number}[00007f3c00aa12ff] {body}{took}\n"


def with_contexts(lines):
    """--secontext: words in brackets after pid, descriptors and paths."""
    context = "[unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023]"
    for pid, when, body, took in lines:
        out = [t + " " + context if what == "note" and "/" in t else t
               for what, t in tokens(body)]
        yield f"{pid} {context} {when} {''.join(out)}{took}\n"


def crlf(lines):
    for pid, when, body, took in lines:
        yield f"{pid} {when} {body}{took}\r\n"


WAYS = {
    "no times": clock(""),
    "-t": clock("t"),
    "-tt": clock("tt"),
    "-r": clock("r"),
    "no -T": no_durations,
    "no -yy": each(drop_notes),
    "-s 32": each(cut_at(32)),
    "-s 7": each(cut_at(7)),
    "-x": each(some_hex),
    "-xx": each(all_hex),
    "stderr": on_stderr,
    "4.x halves": halves("4"),
    "6.16 halves": halves("6.16"),
    "32 bits": in_32_bits,
    "--color": coloured,
    "-Y": with_comm,
    "-n -i": with_numbers,
    "--secontext": with_contexts,
    "CRLF": crlf,
}


def strip(path, way, out):
    with open(out, "w", encoding="latin-1", newline="") as f:
        f.writelines(WAYS[way](read(path)))


def times_bad(way, full, records):
    """Times that are not those of the full recording, as far as shown."""
    def of(rs):
        return [r["time"] for r in rs if r["record"] == "call" and
                "time" in r and r["call"] not in ("attach", "release")]
    a, b = of(full), of(records)
    if way in ("no times", "stderr"):
        return ["times %s" % b[:2]] if b else []
    unit = 10**9 if way == "-t" else 1
    a = [x // unit for x in a]
    b = [x // unit for x in b]
    if way in ("-t", "-tt", "-r"):
        base = (a[0], b[0]) if a and b else (0, 0)
        a = [x - base[0] for x in a]
        b = [x - base[1] for x in b]
    if a != b and len(a) == len(b) and way != "-r":
        bad = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), -1)
        return [f"time {a[bad]} is {b[bad]}"]
    return []


def check(path, way, out):
    strip(path, way, out)
    full = equal.parse(path)[2]
    status, messages, records = equal.parse(out)
    end = next(r for r in full if r["record"] == "end")
    # A process that is alone has no number on stderr.
    for r in records:
        if r.get("thread") == 0:
            r["thread"] = next(r["thread"] for r in full if "thread" in r)
    want, released, attached = equal.canonical(full)
    got, here, _ = equal.canonical(records)
    bad = [] if status == 0 and not messages else [f"{status} {messages!r}"]
    cut = way.startswith("-s")
    blind = way in ("no -yy", "stderr") and (attached or end["late"])
    if blind:
        return []
    bad += equal.compare(want, got, lambda c: {"known"} if cut else
                         {"peer"} if c["call"] in ("accept", "accept4") and
                         way == "no -yy" else set())
    if released != here:
        bad.append(f"released {[x for x in here if x not in released]}, not "
                   f"{[x for x in released if x not in here]}")
    return bad + times_bad(way, full, records)


def main():
    args = sys.argv[1:]
    keep = None
    if args[:1] == ["-l"]:
        print("\n".join(WAYS))
        return
    if args[:1] == ["-o"]:
        sys.stdout.reconfigure(encoding="latin-1", newline="")
        sys.stdout.writelines(WAYS[args[1]](read(args[2])))
        return
    if args[:1] == ["-k"]:
        keep, args = args[1], args[2:]
    failed = count = 0
    with tempfile.TemporaryDirectory() as folder:
        for path in args:
            for way in WAYS:
                out = os.path.join(keep or folder, "stripped.trace")
                if keep:
                    out = os.path.join(keep, "%s.%s.trace" % (
                        path.replace("/", "_"), way.replace(" ", "_")))
                bad = check(path, way, out)
                count += 1
                failed += bool(bad)
                for text in bad:
                    print(f"{path}, {way}: {text}")
    print(f"{count - failed} of {count}")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
