# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""Compares what nc-parse makes of two traces of one execution, or of two runs
of one program: records that are equal but for what an option takes away.

Sockets, epoll instances and threads have other numbers in each run: they are
named by the thread and the order of their first use.  Ports that the kernel
chose are all the same port.
"""
import io
import subprocess

import msgpack

POLLS = {"poll", "ppoll", "select", "pselect6"}
EPOLLS = {"epoll_wait", "epoll_pwait", "epoll_pwait2"}
VECTORS = {"sendmmsg", "recvmmsg"}
FORKS = {"clone", "clone3", "fork", "vfork"}
PLAIN = {"read", "write", "send", "recv", "sendto", "recvfrom"}
SCATTER = {"readv", "writev", "sendmsg", "recvmsg"} | VECTORS
# Calls that show an address themselves; others tell what is news.
SHOWS_PEER = {"connect", "accept", "accept4", "getpeername", "sendto",
              "recvfrom", "sendmsg", "recvmsg"} | VECTORS
SHOWS_LOCAL = {"bind", "getsockname"}
CUT = 16
FIELDS = ("call", "part", "result", "error", "socket", "made", "fd", "asked",
          "flags", "value", "option", "timeout", "ready", "epoll", "domain",
          "type", "protocol", "cause", "marks", "peer", "local", "known")


def parse(path, *options):
    """nc-parse's status, messages and records of a trace."""
    p = subprocess.run(["nc-parse", *options, path], stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE, check=False)
    names, out = {}, []
    for kind, *values in msgpack.Unpacker(
            io.BytesIO(p.stdout), raw=False, unicode_errors="surrogateescape",
            max_buffer_size=1 << 30, strict_map_key=False):
        if kind == "netcheck":
            names = values[1]
        elif kind != "eof":
            r = {k: v for k, v in zip(names[kind], values) if v is not None}
            r["record"] = kind
            out.append(r)
    return p.returncode, p.stderr, out


def known_bytes(r):
    """The payload as {offset: byte}; None where there is none."""
    data = r.get("data")
    if data is None:
        return None
    if r.get("runs") is None:
        return dict(enumerate(data))
    out, at, offset = {}, 0, 0
    for i, n in enumerate(r["runs"]):
        if i % 2 == 0:
            out.update((offset + k, data[at + k]) for k in range(n))
            at += n
        offset += n
    return out


def any_port(text, fixed):
    """An endpoint, a port that the kernel chose as *."""
    if text is None or not text.rpartition(":")[2].isdigit():
        return text
    ip, _, port = text.rpartition(":")
    return text if int(port) in fixed else ip + ":*"


class Names:
    """Sockets and epoll instances by thread and first use."""

    def __init__(self):
        self.names = {}
        self.counts = {}

    def name(self, thread, what, number):
        if number is None:
            return None
        key = (what, number)
        if key not in self.names:
            n = self.counts.get(thread, 0) + 1
            self.counts[thread] = n
            self.names[key] = f"{thread}.{n}"
        return self.names[key]


def canonical(records, fixed=frozenset()):
    """Each thread's calls as dicts of FIELDS; attaches and releases apart."""
    calls = [r for r in records if r["record"] == "call"]
    base = min((r["thread"] for r in calls if r["thread"]), default=0)
    split, names, out = {}, Names(), {}
    for r in calls:
        if r["call"] not in ("attach", "leave", "release"):
            split.setdefault((r["thread"] or base) - base, []).append(r)
    for t in sorted(split):
        for r in split[t]:
            c = {f: r.get(f) for f in FIELDS}
            c["socket"] = names.name(t, "socket", r.get("socket"))
            c["made"] = names.name(t, "socket", r.get("made"))
            c["epoll"] = names.name(t, "epoll", r.get("epoll"))
            ready = r.get("ready")
            if ready is not None:
                c["ready"] = [names.name(t, "socket", x) if i % 4 == 0 else x
                              for i, x in enumerate(ready)]
            c["call"] = {"send": "sendto", "recv": "recvfrom"}.get(
                r["call"], r["call"])
            if r["call"] in FORKS:
                c["result"] = (r.get("result") or 0) > 0
            c["marks"] = (r.get("marks") or 0) & ~CUT
            c["peer"] = any_port(r.get("peer"), fixed) \
                if c["call"] in SHOWS_PEER else None
            c["local"] = any_port(r.get("local"), fixed) \
                if c["call"] in SHOWS_LOCAL else None
            c["known"] = known_bytes(r)
            c["line"] = r.get("line")
            out.setdefault(t, []).append(c)
    released = sorted(
        (str(names.names.get(("socket", r["socket"]))), r["cause"],
         (r.get("marks") or 0)) for r in calls if r["call"] == "release")
    attached = [r for r in calls if r["call"] == "attach"]
    return out, released, attached


def payload_differs(a, b):
    """True unless one is a part of the other."""
    if a is None or b is None:
        return False
    return any(a[k] != b[k] for k in a.keys() & b.keys())


# How sockets are compared: they have the same names; or, where descriptors
# have no history, calls of one socket here are calls of one socket there.
SAME, APART = "same", "apart"


def differs(a, b, lost):
    """The fields in which two calls differ; lost(call) tells those taken
    away.  "known" in it: less payload, but no other."""
    away = lost(a)
    bad = [f for f in FIELDS if f != "known" and f not in away and
           a[f] != b[f]]
    if "known" in away:
        if payload_differs(a["known"], b["known"]):
            bad.append("known")
    elif a["known"] != b["known"]:
        bad.append("known")
    return bad


def show(c, fields):
    return "%s line %s %s" % (c["call"], c["line"], {
        f: ("%d bytes" % len(c[f]) if f == "known" and c[f] is not None
            else c[f]) for f in fields})


def in_step(t, a, b, lost):
    """b against a, call by call."""
    for x, y in zip(a, b):
        d = differs(x, y, lost)
        if d:
            return [f"thread {t}: {show(x, d)} is {show(y, d)}"]
    if len(a) != len(b):
        more = (a if len(a) > len(b) else b)[min(len(a), len(b))]
        return [f"thread {t}: {len(b)} of {len(a)} calls, {show(more, ())}"]
    return []


def as_part(t, a, b, lost):
    """b as a part of a, in order."""
    at = 0
    for y in b:
        start = at
        while at < len(a) and differs(a[at], y, lost):
            at += 1
        if at == len(a):
            near = a[start] if start < len(a) else None
            return [f"thread {t}: {show(y, ())} is not there; next is "
                    f"{near and show(near, differs(near, y, lost))}, "
                    f"{near and show(y, differs(near, y, lost))}"]
        at += 1
    return []


def merged(want, got):
    """Sockets of want that are one in got."""
    seen, bad = {}, []
    for t in sorted(set(want) & set(got)):
        for x, y in zip(want[t], got[t]):
            for f in ("socket", "made"):
                if y[f] is not None and x[f] is not None and \
                   seen.setdefault(y[f], x[f]) != x[f]:
                    bad.append(f"thread {t}: {show(y, (f,))} is both "
                               f"{seen[y[f]]} and {x[f]}")
    return bad[:1]


def compare(want, got, lost, sockets=SAME, subset=False):
    """What breaks the law, as words.  subset: got may lack any call."""
    bad = []
    if sockets == APART:
        all_lost = lost
        lost = lambda c: all_lost(c) | {"socket", "made", "epoll", "ready"}
    for t in sorted(set(want) | set(got)):
        check = as_part if subset else in_step
        bad += check(t, want.get(t, []), got.get(t, []), lost)
    if sockets == APART and not subset and not bad:
        bad += merged(want, got)
    return bad
