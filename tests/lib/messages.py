#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""The messages in an HTML report against what the model counted.

messages.py REPORT prints, for each exactly matched way of a connection or flow
with both ends traced, what does not agree: bytes (datagrams) that have an
arrow, and those that the model counts as received.  The last line tells how
many ways were compared.  It reads the page's data as html/data.js does.
"""
import base64
import gzip
import json
import re
import struct
import sys

NONE = 0xffffffff
DATA = 1


def unpack(page, name):
    text = re.search(f'id="{name}">([^<]*)<', page)[1]
    return gzip.decompress(b"".join(
        base64.b64decode(line) for line in text.split()))


def columns(data, kinds):
    """kinds: (struct's letter, count) of each column."""
    at = 0
    for letter, count in kinds:
        form = f"<{count}{letter}"
        yield struct.unpack_from(form, data, at)
        at += (struct.calcsize(form) + 7) // 8 * 8


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        page = f.read()
    meta = json.loads(unpack(page, "meta"))
    n, m = meta["calls"], meta["messages"]
    kinds = [("d", n)] * 2 + [("I", n)] * 5 + \
        [("d", n), ("B", n), ("H", n), ("H", n)] + \
        [("I", m)] * 4 + [("B", m)] * 3
    sender, receiver, link, length, kind, lost, side = \
        list(columns(unpack(page, "calls"), kinds))[11:]
    got = {}
    for k in range(m):
        if kind[k] == DATA and NONE not in (sender[k], receiver[k]):
            assert not lost[k] and sender[k] < receiver[k]
            way = link[k], side[k]
            got[way] = got.get(way, 0) + \
                (1 if meta["links"][link[k]].get("flow") else length[k])
    ways = 0
    for i, one in enumerate(meta["links"]):
        if one.get("match", "exact") != "exact" or \
                not (one["a"]["traced"] and one["b"]["traced"]):
            continue
        for number, name in enumerate(["toB", "toA"]):
            if name not in one:
                continue
            ways += 1
            want = one[name]["received"] or 0
            if got.get((i, number), 0) != want:
                print("flow" if one.get("flow") else "connection",
                      one["number"], name, got.get((i, number), 0), want)
    print(ways)


if __name__ == "__main__":
    main()
