#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""Puts what a program wrote into the trace that was written without it.

    weave.py TRACE SEEDS

TRACE is text of strace -f on standard error, of a program whose output went
elsewhere.  Its bytes are put where a terminal could have had them: while
their call is in progress, at the beginning of a line or behind the entry of a
call.  Law: the records stay what they were, and no line is rejected.
nc-parse and nc-report are those in PATH.
"""
import ast
import json
import os
import random
import re
import subprocess
import sys
import tempfile

PID = rb"(\[pid +\d+\] )?"
WRITE = re.compile(PID + rb'write\(1, ("(?:[^"\\]|\\.)*"), \d+')
WRITEV = re.compile(PID + rb"writev\(1, \[(.*)\], \d+")
HALF = b" <unfinished ...>"
# Calls that show all of their arguments when they are entered.
SHOWN = re.compile(PID + rb"(sendto|close|write|writev)\(.*[^)](?=\) +=)")


def value(text):
    return ast.literal_eval("b" + text.decode("latin-1"))


def shown(line):
    """The bytes that a line says it writes to the terminal, or None."""
    m = WRITE.match(line)
    if m:
        return value(m.group(2))
    m = WRITEV.match(line)
    return m and b"".join(map(value, re.findall(
        rb'iov_base=("(?:[^"\\]|\\.)*")', m.group(2))))


def places(lines, i):
    """Where the output of line i may be: (line, offset)."""
    first = HALF in lines[i]
    end = i + 1
    if first:
        thread = re.match(PID, lines[i]).group()
        while not lines[end].startswith(thread + b"<... write"):
            end += 1
    for n in range(i, end + (first and 1)):
        if n > i:
            yield n, 0
        if n < end and lines[n].endswith(HALF):
            yield n, len(lines[n]) - len(HALF)
        elif n < end and (m := SHOWN.match(lines[n])):
            yield n, m.end()


def weave(lines, rng):
    put = {}
    for i, line in enumerate(lines):
        data = shown(line)
        if data:
            put.setdefault(rng.choice(list(places(lines, i))),
                           []).append(data)
    out = []
    for n, line in enumerate(lines):
        for at in sorted((at for m, at in put if m == n), reverse=True):
            chunks = put[n, at]
            rng.shuffle(chunks)
            line = line[:at] + b"".join(chunks) + line[at:]
        out.append(line + b"\n")
    return b"".join(out)


def records(text, folder):
    path = os.path.join(folder, "x.trace")
    with open(path, "wb") as f:
        f.write(text)
    out = subprocess.run(
        ["sh", "-c", 'nc-parse -q "$0" | nc-report -f jsonl', path],
        stdout=subprocess.PIPE, check=True).stdout
    found = []
    for r in map(json.loads, out.splitlines()):
        if r["record"] == "call":
            found.append({k: v for k, v in r.items()
                          if k not in ("line", "entry")})
        elif r["record"] == "end":
            found.append([r["calls"], r["joined"], r["rejected"]])
    return found


def main():
    with open(sys.argv[1], "rb") as f:
        lines = f.read().splitlines()
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        want = records(b"\n".join(lines) + b"\n", folder)
        assert want[-1][2] == 0 and any(map(shown, lines))
        for seed in range(int(sys.argv[2])):
            text = weave(lines, random.Random(seed))
            if records(text, folder) != want:
                bad += 1
                print("seed", seed, file=sys.stderr)
                if len(sys.argv) > 3:
                    sys.stdout.buffer.write(text)
                    sys.exit(1)
    print(f"{int(sys.argv[2]) - bad} of {sys.argv[2]}")
    sys.exit(bad > 0)


main()
