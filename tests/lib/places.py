#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""Tells which places in their streams nc-parse --redact gave to payload.

places.py TRACE

Prints a line for each call that moves data, and each begin of one: the call,
its result, and for each stretch of payload the place that it was redacted
for, with its length ("3+5"), "-" if none is shown.  A place is found by
redacting the same bytes at every place up to 400 through a trace made here.
"""
import os
import subprocess
import sys
import tempfile

import redaction

PLACES = 400
KEY = b"a key of the tests, not a secret"


def parse(trace, *options):
    return [r for r in redaction.unpack(subprocess.run(
        ["nc-parse", "-q", *options, trace], check=False,
        stdout=subprocess.PIPE).stdout) if r[0] in ("call", "begin")]


def every_place(work, key):
    """[byte][place]: what replaces it there."""
    path = os.path.join(work, "all.trace")
    with open(path, "w", encoding="ascii") as f:
        for c in range(256):
            f.write("7 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3\n"
                    '7 write(3, "%s", %d) = %d\n7 close(3) = 0\n'
                    % (f"\\{c:03o}" * PLACES, PLACES, PLACES))
    return [r["data"] for _, r in parse(path, "--redact=" + key)
            if r["call"] == "write"]


def place_of(table, plain, hidden):
    for at in range(PLACES - len(plain)):
        if all(table[c][at + i] == hidden[i] for i, c in enumerate(plain)):
            return at
    return "nowhere"


def main():
    with tempfile.TemporaryDirectory() as work:
        key = os.path.join(work, "key")
        with open(key, "wb") as f:
            f.write(KEY)
        table = every_place(work, key)
        records = zip(parse(sys.argv[1]),
                      parse(sys.argv[1], "--redact=" + key))
        for (kind, a), (_, b) in records:
            if a.get("asked") is None and a.get("data") is None:
                continue
            data, hidden = a.get("data"), b.get("data")
            out, at, runs = [], 0, a.get("runs") or [len(data or b"")]
            for known in runs[::2] if hidden is not None else ():
                out.append("%s+%d" % (place_of(
                    table, data[at:at + known], hidden[at:at + known]),
                    known))
                at += known
            result = b.get("error") or b.get("result")
            print(*(["begin"] if kind == "begin" else []), b["call"],
                  "?" if result is None else result, *(out or "-"))


if __name__ == "__main__":
    main()
