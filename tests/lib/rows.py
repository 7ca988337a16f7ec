#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""Which rows of the model's rules do recordings of real kernels take?

rows.py [-l ROW] BINDIR RULES CASES...

RULES is lib/model/rules.def, a CASE a folder with a hosts.csv.  Prints each
row of the kind KERNEL that no case takes which a script of tests/lab made, and
each of the kind OTHER that no case takes at all, and exits 1 if there is one;
-l ROW lists the cases that take ROW instead; -a prints all rows and counts.
"""
import collections
import concurrent.futures
import json
import os
import re
import subprocess
import sys

ROW = re.compile(r'^NC_ROW\((\w+), (KERNEL|OTHER|DAMAGE), "(.*)"\)$', re.M)
ENV = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def taken(bindir, case):
    """The rows that one case takes, with how often."""
    tool = lambda name: os.path.join(bindir, name)
    stages = [[tool("nc-parse"), "-q", os.path.join(case, "hosts.csv")],
              [tool("nc-order"), "-q"], [tool("nc-model"), "-c"],
              [tool("nc-report"), "-f", "jsonl"]]
    data, status = b"", 0
    for args in stages:
        p = subprocess.run(args, input=data, env=ENV, capture_output=True,
                           timeout=120, check=False)
        data, status = p.stdout, status or p.returncode
    rows = collections.Counter()
    for line in data.splitlines():
        if b'"row ' not in line:
            continue
        rec = json.loads(line)
        if rec["record"] == "count" and rec["name"].startswith("row "):
            rows[rec["name"][4:]] += rec["value"]
    if not rows:
        raise SystemExit("%s: no counts" % case)
    return rows


def main(argv):
    want, show = None, False
    while argv and argv[0].startswith("-"):
        if argv[0] == "-l":
            want = argv.pop(1)
        show |= argv.pop(0) == "-a"
    bindir, rules, cases = argv[0], argv[1], argv[2:]
    with open(rules, encoding="utf-8") as f:
        rows = ROW.findall(f.read())
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        counts = list(pool.map(lambda c: taken(bindir, c), cases))
    if want:
        for case, count in zip(cases, counts):
            if count[want]:
                print(count[want], os.path.basename(case.rstrip("/")))
        return 0
    missing = 0
    lab = os.path.join(os.path.dirname(rules), "../../tests/lab")
    made = [os.path.exists(os.path.join(lab, os.path.basename(
        os.path.normpath(c)) + ".sh")) for c in cases]
    for row, kind, about in rows:
        n = sum(c[row] > 0 and (m or kind != "KERNEL")
                for c, m in zip(counts, made))
        total = sum(c[row] for c in counts)
        if show:
            print("%-22s %4d cases %7d calls" % (row, n, total))
        elif kind != "DAMAGE" and not n:
            missing += 1
            print("%s: no case%s (%s)" % (
                row, " of a real kernel" if kind == "KERNEL" else "", about))
    return missing > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
