#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""Runs the pipeline over generated executions in which nothing is wrong.

laws.py [-k FOLDER] [-s KEY=VALUE]... BINDIR FIRST COUNT

For each seed: status 0, no finding of severity warning or error, no
order_errors, no permanent_rejects; where strings and annotations are whole
and every host is traced, each connection is exact, none elastic, and 99 % of
the bytes received were compared.  What breaks a law is told, a line a seed,
and kept in FOLDER if given; status 1 then.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile

import generate


def broken(report, status, choices):
    """Laws that the report breaks, as words."""
    out = []
    if status != 0:
        out.append("status %d" % status)
    s = report["summary"]
    for key in ("order_errors", "permanent_rejects", "parse_errors"):
        if s.get(key):
            out.append("%s %s" % (key, s[key]))
    for f in report["findings"]:
        if f["severity"] != "info":
            out.append("%s (%s)" % (f["id"], f["summary"]))
    if choices["yy"] and choices["string"] > 100 and choices["traced"]:
        c = s["connections"]
        for kind, n in c.items():
            if kind != "exact" and n:
                out.append("%d connections %s" % (n, kind))
        if s["bytes_compared"] < .99 * s["bytes_received"]:
            out.append("%d of %d bytes compared" % (s["bytes_compared"],
                                                    s["bytes_received"]))
    return out


def main():
    p = argparse.ArgumentParser()
    p.add_argument("-k", "--keep")
    p.add_argument("-s", "--set", action="append", default=[])
    p.add_argument("bindir")
    p.add_argument("first", type=int)
    p.add_argument("count", type=int)
    a = p.parse_args()
    fixed = dict(x.split("=", 1) for x in a.set)
    failed = 0
    with tempfile.TemporaryDirectory() as top:
        for seed in range(a.first, a.first + a.count):
            folder = os.path.join(top, str(seed))
            try:
                choices = generate.generate(seed, folder, fixed)
            except generate.Unlawful as e:
                print("seed %d: the generator is wrong: %s" % (seed, e))
                failed += 1
                continue
            run = subprocess.run(
                [os.path.join(a.bindir, "netcheck"), "-f", "json",
                 os.path.join(folder, "hosts.csv")],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
            try:
                bad = broken(json.loads(run.stdout), run.returncode, choices)
            except ValueError:
                bad = ["status %d and no report: %s" % (
                    run.returncode, run.stderr.decode(errors="replace"))]
            if bad:
                failed += 1
                print("seed %d: %s" % (seed, "; ".join(bad)), flush=True)
                if a.keep:
                    shutil.copytree(folder, os.path.join(a.keep, str(seed)),
                                    dirs_exist_ok=True)
            shutil.rmtree(folder)
    print("%d of %d seeds hold" % (a.count - failed, a.count))
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
