#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""The README's gallery against the traces and what netcheck says of them.

gallery.py BINDIR prints what does not agree, and how many faults and lines
were compared; with --bless it puts the answers into the README.

A fault is lines "FILE:LINE  TEXT", where ... stands for what was left out,
"$ netcheck -q tests/cases/NAME" and its answer, all indented.
"""
import os
import re
import subprocess
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
QUOTE = re.compile(r"    (\S+\.trace):(\d+) +(\S.*)")
COMMAND = re.compile(r"    \$ netcheck -q (tests/cases/\S+)")


def holds(line, text):
    """Whether the parts of the text stand in the line, in order."""
    at = 0
    for part in text.split("..."):
        at = line.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return True


def answer(bindir, case):
    run = subprocess.run([os.path.join(bindir, "netcheck"), "-q", case],
                         stdout=subprocess.PIPE, check=False, text=True,
                         cwd=ROOT)
    return ["    " + line for line in run.stdout.splitlines()]


def main():
    bless = "--bless" in sys.argv
    bindir = os.path.abspath(sys.argv[1])
    path = os.path.join(ROOT, "README.md")
    with open(path, encoding="utf-8") as f:
        lines = f.read().split("\n")
    at = lines.index("## Gallery") + 1
    quotes, faults, compared = [], 0, 0
    while not lines[at].startswith("## "):
        quote = QUOTE.fullmatch(lines[at])
        command = COMMAND.fullmatch(lines[at])
        at += 1
        if quote:
            quotes.append(quote.groups())
        if not command:
            continue
        end = at
        while lines[end].startswith("    "):
            end += 1
        want = answer(bindir, command[1])
        if bless:
            lines[at:end] = want
            end = at + len(want)
        elif lines[at:end] != want:
            print(command[1], "is answered", *want, sep="\n")
        for name, number, text in quotes:
            trace = os.path.join(ROOT, command[1], name)
            with open(trace, encoding="utf-8", errors="replace") as f:
                line = f.read().split("\n")[int(number) - 1]
            if not holds(line, text):
                print(f"{command[1]}/{name}:{number} is {line}")
            compared += 1
        faults += 1
        quotes = []
        at = end
    if bless:
        with open(path, "w", encoding="utf-8") as f:
            f.write("\n".join(lines))
    else:
        print(faults, "faults,", compared, "lines")


if __name__ == "__main__":
    main()
