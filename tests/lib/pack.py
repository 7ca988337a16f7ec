#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""Packs records given as Python literals into a record stream.

pack.py [--schema LITERAL] [--raw] [--not-ok] RECORD...

The header names the fields of lib/record.def, or those of --schema (added
to, or replacing, kinds).  --raw writes the records alone, without header and
end marker; --not-ok writes an end marker of a maker that failed.
"""
import ast
import os
import re
import sys

import msgpack


def schema():
    path = os.path.join(os.path.dirname(__file__), "../../lib/record.def")
    kinds = {}
    with open(path, encoding="utf-8") as f:
        text = re.sub(r"/\*.*?\*/", "", f.read(), flags=re.S)
    for m in re.finditer(
            r'NC_KIND\((\w+)\)|NC_SAME\((\w+), (\w+)\)'
            r'|NC_FIELD\((\w+), \w+, "(\w+)", (\w+)\)', text):
        if m[1]:
            kinds[m[1]] = []
        elif m[2]:
            kinds[m[2]] = kinds[m[3]]
        else:
            kinds[m[4]].append(m[5])
    return kinds


def main():
    args = sys.argv[1:]
    kinds = schema()
    raw = False
    ok = 1
    while args and args[0].startswith("--"):
        if args[0] == "--schema":
            kinds.update(ast.literal_eval(args.pop(1)))
        elif args[0] == "--raw":
            raw = True
        elif args[0] == "--not-ok":
            ok = 0
        args.pop(0)
    records = [ast.literal_eval(a) for a in args]
    out = sys.stdout.buffer
    if not raw:
        out.write(msgpack.packb(["netcheck", 1, kinds]))
    for r in records:
        out.write(msgpack.packb(r))
    if not raw:
        out.write(msgpack.packb(["eof", len(records), ok]))


if __name__ == "__main__":
    main()
