#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""Compares an ordering with what it was made from.

check_order.py BEFORE.jsonl AFTER.jsonl

Both are nc-report -f jsonl of the streams around nc-order.  Each record must
come out once; within a lane a call that ended before another began must
come before it, where a begin after an `early' record is its call's place; a
begin must come before its call.
"""
import collections
import json
import sys


def load(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def text(r):
    return json.dumps(r, sort_keys=True)


def place(r):
    """Tells a call; several releases share their call's lines."""
    return (r["host"], r["trace"], r["thread"], r["entry"], r["call"],
            r.get("socket") if r["call"] == "release" else None,
            r.get("part"))


def main():
    before, after = load(sys.argv[1]), load(sys.argv[2])
    bad = []
    made = ("order", "count")
    old = collections.Counter(text(r) for r in before
                              if r["record"] not in ("netcheck", "eof"))
    new = collections.Counter(
        text(r) for r in after
        if r["record"] not in ("netcheck", "eof")
        and not (r["record"] in made and text(r) not in old))
    for r in (old - new):
        if json.loads(r)["record"] != "begin":
            bad.append("lost: " + r[:200])
    bad += ["made up: " + r[:200] for r in (new - old)]
    ends, lanes = {}, {}
    for r in after:
        if r["record"] == "host":
            lanes[r["host"], r["trace"]] = r["host"], r["lane"]
        if r["record"] == "call":
            ends[place(r)] = r.get("at", r["line"])
    latest, placed, called = {}, set(), set()
    early = False
    for r in after:
        if r["record"] == "order":
            early = r["why"] == "early"
            continue
        if r["record"] not in ("call", "begin"):
            continue
        lane = lanes.get((r["host"], r["trace"]))
        key = place(r)
        if r["record"] == "begin":
            if key in called:
                bad.append("begin after its call: %s" % text(r)[:200])
            if not early:
                continue
            early = False
            placed.add(key)
        else:
            early = False
            called.add(key)
            if key in placed:
                continue
        at = ends.get(key)
        then = latest.get(lane, (0, None))
        if at is not None and at < then[0]:
            bad.append("%s %d, from line %d, comes after %s, which began later"
                       % (r["host"], r["trace"], r["entry"], then[1]))
        latest[lane] = max(then, (r.get("from", r["entry"]),
                                  "%s line %d of %d" % (
                                      r["call"], r["entry"], r["trace"])))
    for b in bad[:10]:
        print(b)
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
