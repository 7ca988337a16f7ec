#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""Makes a record stream of JSON lines, the reverse of nc-report -f jsonl.

make_stream.py [--cut] [--not-ok] [-m MAKER] <lines.jsonl >stream.nc

Each line is an object whose "record" is the kind; the others are fields by
name.  {"$hex": "ff00"} stands for bytes.  Kinds and fields that are not in
lib/record.def are added to the header.  --cut leaves the end marker out,
--not-ok writes that of a maker that failed; -m names the maker.  Lines that begin with # and
blank lines are skipped.
"""
import json
import sys

import msgpack

import pack


def plain(value):
    if isinstance(value, dict):
        if list(value) == ["$hex"]:
            return bytes.fromhex(value["$hex"])
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    return value


def main():
    kinds = {k: list(v) for k, v in pack.schema().items()}
    records = [json.loads(line) for line in sys.stdin
               if line.strip() and not line.startswith("#")]
    for r in records:
        fields = kinds.setdefault(r["record"], [])
        fields.extend(k for k in r if k != "record" and k not in fields)
    out = sys.stdout.buffer
    maker = sys.argv[sys.argv.index("-m") + 1:][:1] if "-m" in sys.argv else []
    out.write(msgpack.packb(["netcheck", 1, kinds, *maker]))
    for r in records:
        row = [plain(r.get(name)) for name in kinds[r["record"]]]
        while row and row[-1] is None:
            row.pop()
        out.write(msgpack.packb([r["record"], *row]))
    if "--cut" not in sys.argv:
        out.write(msgpack.packb(
            ["eof", len(records), 0 if "--not-ok" in sys.argv else 1]))


if __name__ == "__main__":
    main()
