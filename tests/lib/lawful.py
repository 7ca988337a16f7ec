#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""Runs the pipeline over generated executions in which nothing is wrong.

lawful.py [-j JOBS] [-k FOLDER] [-m PERCENT] BUILD FIRST COUNT [CHOICE=NUMBER...]

For each seed of tests/lawful: each stage ends with status 0; the order has
every record once and respects every interval; no call was forced, none
rejected for good, no line is unreadable; no deviation is above info but the
refusals of a server that was not up yet and waits that end while data is under
way, no finding but that of an address translator.
Connections through a translator, where the traces say everything but that, are
matched, and one such is told.  Where the traces say everything (whole strings, addresses, all processes) each
connection is exact, none elastic, and 99 % of the bytes are compared.

With a fault injected (fault=1 and on), or two (also=1 and on), its deviation is
told once for each, and nothing else above info; where paths die, so many
connections are told of.

What breaks a law is told, a line a seed, and kept in FOLDER if given; the
status is 1 then, unless -m allows so many to break one: those that tell too
little for an answer.  At most 1.6 offers a call are made in all.
"""
import argparse
import glob
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile

import check_order

BATCH = 20
PIPELINE = ('nc-parse hosts.csv >a.nc && nc-order a.nc >b.nc && '
            'nc-model b.nc >c.nc && nc-diagnose c.nc | nc-report -f json')


def choices_of(line):
    """{choice: number} of a line that lawful printed."""
    return {k: int(v) for k, v in
            (w.split("=") for w in line.split() if "=" in w)}


def says_everything(c):
    return (c["y"] == 2 and c["string"] > 100 and not c["unseen"] and
            not c["untraced"] and not c["nat"] and not c["proxy"] and
            not c["sendfile"])


# What tells each fault of tests/lawful/fault.h: the code, how often it stands
# for a fault injected, the argument that counts.
FAULTS = {1: ("DGRAM_LOST", 1, "lost"), 2: ("DGRAM_DUP", 1, None),
          3: ("DGRAM_REORDERED", 1, None), 4: ("MSG_DONT_MATCH", 1, None),
          5: ("RESET_BY_NETWORK", 2, None), 6: ("ECONNREFUSED", 1, None),
          7: ("CONN_TIMEOUT", 1, None), 8: ("MSG_DONT_MATCH", 1, None)}


# A connection whose path was cut: who is told, or waited in vain.
CUT = 9
DEAD = {"CONN_DIED", "DATA_UNDELIVERED"}


def faults(choices):
    """[(kind, how many were injected)], one or two."""
    out = [(choices["fault"], choices["injected"])]
    if choices["also"]:
        out.append((choices["also"], choices["also_injected"]))
    return out


def wrong_fault(deviations, codes, choices):
    """What is reported besides the faults, or how often they are not."""
    out, expected, counters = [], {}, {}
    for kind, n in faults(choices):
        if kind == CUT:
            out += wrong_cut(deviations, choices, n)
            codes = codes - DEAD
            continue
        code, times, counters[code] = FAULTS[kind]
        if kind != 3: # no code: a flow's record counts them
            expected[code] = expected.get(code, 0) + times * n
        codes = codes - {code}
    if codes:
        out.append("besides: " + ",".join(sorted(codes)))
    for code, n in expected.items():
        counter = counters[code]
        told = sum(d["args"][counter] if counter else 1
                   for d in deviations if d["code"] == code)
        # Strings that are cut short may not show the byte.
        if code == "MSG_DONT_MATCH" and choices["string"] < 100:
            told = max(told, n)
        if told != n:
            out.append("%s %d times, not %d" % (code, told, n))
    return out


def wrong_cut(deviations, choices, injected):
    """Of how many connections is told that they died, if it is not so many."""
    dead = {d["connection"] for d in deviations if d["code"] in DEAD}
    # Without times nothing tells who waited, and who left what had come;
    # whole seconds, of two clocks, often do not.
    if choices["times"] > 1 and len(dead) < injected or len(dead) > injected:
        return ["%d connections dead, not %d" % (len(dead), injected)]
    return []


# Of the translator of tests/lawful/net.c.
OUTSIDE = "203.0.113.7:"


def wrong_nat(report):
    """What is not told of connections that came through a translator."""
    through = [c for c in report["connections"]
               if OUTSIDE in (c["server_peer"] or "").replace("]", "")]
    alone = [c for c in through if not c["client_host"]]
    told = {d["connection"] for d in report["deviations"]
            if d["code"] == "NAT_ADDRESS"}
    out = []
    if alone:
        out.append("%d translated connections without client" % len(alone))
    elif through and not told & {c["connection"] for c in through}:
        out.append("NAT_ADDRESS of none of %d" % len(through))
    return out


def broken(report, choices):
    """Laws that the report breaks, as words."""
    out = []
    s = report["summary"]
    for key in ("order_errors", "permanent_rejects", "parse_errors"):
        if s.get(key) and not (choices["fault"] and key[0] == "p"):
            out.append("%s %s" % (key, s[key]))
    codes = {d["code"] for d in report["deviations"]
             if d["severity"] == "warning"}
    if choices["impatient"]: # it did wait for less than the way takes
        codes -= {"NETWORK_ERROR"}
    if choices["fault"]:
        return out + wrong_fault(report["deviations"], codes, choices)
    if choices["late_server"]: # it did refuse
        codes -= {"ECONNREFUSED", "CONN_REFUSED_LISTENING"}
    if codes:
        out.append(",".join(sorted(codes)))
    for f in report["findings"]:
        if f["severity"] != "info" and not (
                f["id"] == "nat" and choices["nat"]):
            out.append("%s (%s)" % (f["id"], f["summary"]))
    if choices["nat"] and says_everything(dict(choices, nat=0)) and \
            choices["addresses"] and choices["shell"]:
        out += wrong_nat(report)
    if says_everything(choices):
        for kind, n in s["connections"].items():
            if kind != "exact" and n:
                out.append("%d connections %s" % (n, kind))
        if s["bytes_compared"] < .99 * s["bytes_received"] - 2000:
            out.append("%d of %d bytes compared" % (s["bytes_compared"],
                                                    s["bytes_received"]))
    return out


def read(path):
    with open(path, "rb") as f:
        return f.read()


def run_seed(folder, choices, path):
    """(what is wrong, offers, calls) of the execution in a folder."""
    run = subprocess.run(["sh", "-c", PIPELINE], cwd=folder, check=False,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         env=dict(os.environ, PATH=path))
    try:
        report = json.loads(run.stdout)
        bad = broken(report, choices)
        bad += check_order.check(read(os.path.join(folder, "a.nc")),
                                 read(os.path.join(folder, "b.nc")))
        s = report["summary"]
        offers = s["offers"], s["records"]
    except (ValueError, OSError) as e:
        bad, offers = ["%s: %s" % (e, run.stderr.decode(
            errors="replace"))], (0, 0)
    return bad, offers


def run_batch(args):
    """[(seed, what is wrong, its choices)], offers, calls."""
    build, first, count, fixed, keep = args
    out, offers, calls = [], 0, 0
    path = os.path.join(build, "bin") + ":" + os.environ["PATH"]
    with tempfile.TemporaryDirectory() as top:
        made = subprocess.run(
            [os.path.join(build, "lawful"), top, str(first), str(count)] +
            fixed, stdout=subprocess.PIPE, check=False)
        lines = made.stdout.decode().splitlines()
        for seed, line in zip(range(first, first + count), lines):
            folder = os.path.join(top, str(seed))
            if "unlawful" in line:
                bad = ["the generator is wrong: " + line]
            elif not glob.glob(os.path.join(folder, "*.trace*")):
                bad = [] # who was traced had nothing to do
            else:
                bad, (o, c) = run_seed(folder, choices_of(line), path)
                offers += o
                calls += c
            if bad:
                out.append((seed, bad, line))
                if keep:
                    shutil.copytree(folder, os.path.join(keep, str(seed)),
                                    dirs_exist_ok=True)
            shutil.rmtree(folder)
        if len(lines) < count:
            out.append((first + len(lines), ["the generator died"], ""))
    return out, offers, calls


def main():
    p = argparse.ArgumentParser()
    p.add_argument("-j", "--jobs", type=int, default=os.cpu_count())
    p.add_argument("-k", "--keep")
    p.add_argument("-m", "--most", type=float, default=0)
    p.add_argument("build", type=os.path.abspath)
    p.add_argument("first", type=int)
    p.add_argument("count", type=int)
    p.add_argument("fixed", nargs="*")
    a = p.parse_args()
    end = a.first + a.count
    batches = [(a.build, at, min(BATCH, end - at), a.fixed, a.keep)
               for at in range(a.first, end, BATCH)]
    failed = offers = calls = 0
    with multiprocessing.Pool(a.jobs) as pool:
        for out, o, c in pool.imap(run_batch, batches):
            offers += o
            calls += c
            for seed, bad, line in out:
                failed += 1
                print("seed %d: %s" % (seed, "; ".join(bad[:4])))
                print("  " + line, flush=True)
    print("%d of %d seeds hold; %d calls, %.3f offers a call" % (
        a.count - failed, a.count, calls, offers / max(calls, 1)))
    worst = failed > a.count * a.most / 100
    if offers > 1.6 * calls:
        print("that is more than 1.6")
        worst = True
    return worst


if __name__ == "__main__":
    sys.exit(main())
