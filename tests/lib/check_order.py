#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""Compares an ordering with what it was made from.

check_order.py BEFORE AFTER

Both are record streams, before and after nc-order.  Each record must come out
once; within a lane a call that ended before another began must come before
it, where a begin after an `early' record is its call's place; a begin must
come before its call.
"""
import collections
import sys

import msgpack


class Stream:
    """The records of a stream: (kind, fields, their bytes)."""

    def __init__(self, data):
        self.data = data
        unpacker = msgpack.Unpacker(None, raw=True, strict_map_key=False,
                                    max_buffer_size=1 << 30)
        unpacker.feed(data)
        self.places = {}
        self.records = []
        at = 0
        for r in unpacker:
            end = unpacker.tell()
            if r[0] == b"netcheck":
                self.places = {k: {f: i + 1 for i, f in enumerate(names)}
                               for k, names in r[2].items()}
            elif r[0] != b"eof":
                self.records.append((r[0], r, data[at:end]))
            at = end

    def get(self, record, *names):
        """Values of fields; None where an older record ends before them."""
        place = self.places[record[0]]
        return [record[place[n]] if place[n] < len(record) else None
                for n in names]


def call_place(stream, r):
    """Tells a call; several releases share their call's lines."""
    host, trace, thread, entry, call, socket, part = stream.get(
        r, b"host", b"trace", b"thread", b"entry", b"call", b"socket",
        b"part")
    return (host, trace, thread, entry, call,
            socket if call == b"release" else None, part)


def same_records(before, after):
    """What was lost or made up."""
    made = (b"order", b"count")
    old = collections.Counter(raw for _, _, raw in before.records)
    new = collections.Counter(raw for kind, _, raw in after.records
                              if kind not in made or raw in old)
    bad = ["made up: %r" % r[:200] for r in new - old]
    # The begin of a call that was never offered may be left out.
    bad += ["lost: %r" % r[:200] for r in old - new
            if msgpack.unpackb(r, raw=True, strict_map_key=False)[0] !=
            b"begin"]
    return bad


def intervals(after):
    """What contradicts a lane's order."""
    bad, ends, lanes = [], {}, {}
    for kind, r, _ in after.records:
        if kind == b"host":
            host, trace, lane = after.get(r, b"host", b"trace", b"lane")
            lanes[host, trace] = host, lane
        elif kind == b"call":
            at, line = after.get(r, b"at", b"line")
            ends[call_place(after, r)] = line if at is None else at
    # Where a host's lanes have no common clock, a release follows the uses in
    # other lanes: nobody knows which of them held the socket last.
    apart = {h for h, n in collections.Counter(
        host for host, _ in set(lanes.values())).items() if n > 1}
    latest, placed, called = {}, set(), set()
    early = False
    for kind, r, _ in after.records:
        if kind == b"order":
            early = after.get(r, b"why")[0] == b"early"
            continue
        if kind not in (b"call", b"begin"):
            continue
        host, trace, entry, begins = after.get(
            r, b"host", b"trace", b"entry", b"from")
        lane = lanes.get((host, trace))
        key = call_place(after, r)
        was_early, early = early, False
        if kind == b"begin":
            if key in called:
                bad.append("begin after its call: %s line %d" % (host, entry))
            if not was_early:
                early = False
                continue
            placed.add(key)
        else:
            called.add(key)
            if key in placed or (host in apart and key[4] == b"release"):
                continue
        at = ends.get(key)
        then = latest.get(lane, (0, None))
        if at is not None and at < then[0]:
            bad.append("%s %d, from line %d, comes after %s, which began later"
                       % (host, trace, entry, then[1]))
        latest[lane] = max(then, (entry if begins is None else begins,
                                  "%s line %d" % (key[4], entry)))
    return bad


def check(before, after):
    """What is wrong with an ordering, given as the streams' bytes."""
    before, after = Stream(before), Stream(after)
    return same_records(before, after) + intervals(after)


def main():
    with open(sys.argv[1], "rb") as b, open(sys.argv[2], "rb") as a:
        bad = check(b.read(), a.read())
    for b in bad[:10]:
        print(b)
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
