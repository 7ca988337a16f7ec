# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""How the cost of a call grows with the number of hosts, of connections, of
threads, and with the length of the trace.

The executions of the first three are those of tests/lawful.  Costs are
processor time, per call and per record of the stream: where calls overlap,
each has a begin record as well.
"""
import json
import os
import subprocess
import tempfile
import threading

import inputs
from timing import Input, Timing

FIXED = ("y=2 times=3 T=1 ff=0 udp=0 nat=0 unseen=0 untraced=0 proxy=0 "
         "late_server=0 string=64 addresses=1 null_peer=0 big=0 same=0 "
         "threaded=0 sendfile=0 end=0").split()
EPOLL, POOL = "server=10", "server=2"
SEED = "5"
SWEEPS = (
    [("%d hosts" % n, ["hosts=%d" % n, "clients=2000", "requests=20", EPOLL])
     for n in (2, 10, 100, 1000)],
    # The same ones, of which so many at most are open at a time.
    [("%d connections" % n, ["hosts=2", "clients=10000", "requests=4",
                             "at_once=%d" % n, EPOLL])
     for n in (10, 100, 1000, 10000)],
    [("%d threads" % n, ["hosts=2", "clients=200", "requests=200", POOL,
                         "workers=%d" % n]) for n in (1, 4, 20, 50, 200)])
STREAMED = (10, 100, 1000, 10000)  # MB


class Flat:
    """What a call costs, as a multiple of what it costs in the first row."""

    def __init__(self):
        self.first = {}

    def of(self, what, cost):
        return cost / self.first.setdefault(what, cost)


def count(binary, stream):
    """Of an ordered stream: calls, records of calls, offers."""
    with open(stream, "rb") as f:
        out = subprocess.run([os.path.join(binary, "nc-report"), "-f",
                              "jsonl"], stdin=f, check=True,
                             stdout=subprocess.PIPE).stdout
    records, counts = 0, {}
    for line in out.splitlines():
        if line.startswith((b'{"record": "call"', b'{"record": "begin"')):
            records += 1
        elif line.startswith(b'{"record": "count"'):
            r = json.loads(line)
            if r["stage"] == "nc-order":
                counts[r["name"]] = r["value"]
    return counts["calls"], records, counts["offers"]


def measure(build, folder, table, flat, title, choices):
    binary = os.path.join(build, "bin")
    subprocess.run([os.path.join(build, "lawful"), folder, SEED, "1"] +
                   FIXED + choices, stdout=subprocess.DEVNULL, check=True)
    made = os.path.join(folder, SEED)
    hosts = os.path.join(made, "hosts.csv")
    data = Input(title, hosts, [os.path.join(made, f) for f in
                                sorted(os.listdir(made)) if f != "hosts.csv"])
    parsed, ordered = (os.path.join(folder, s) for s in ("a", "b"))
    order = os.path.join(binary, "nc-order")
    Timing([os.path.join(binary, "nc-parse"), "-q", hosts], 1, parsed)
    Timing([order, "-q", parsed], 1, ordered)
    data.calls, records, offers = count(binary, ordered)
    figures = []
    for stage, command in (
            ("nc-order", [order, "-q", parsed]),
            ("nc-model", [os.path.join(binary, "nc-model"), ordered])):
        t = Timing(command)
        table.keep(data, stage, t)
        a_call, a_record = min(t.cpus) / data.calls, min(t.cpus) / records
        figures += [a_call * 1e6, flat.of(stage, a_call),
                    flat.of(stage + " record", a_record)]
    print("%-18s%9d%9.2f%7.2f%7.2f%9.2f%7.2f%7.2f%9.2f" % (
        (title, data.calls) + tuple(figures) + (offers / data.calls,)),
        flush=True)


def run(build, table):
    """The sweeps over hosts, connections and threads."""
    print("%-27s%23s%23s" % ("", "nc-order", "nc-model"))
    print("%-18s%9s%9s%7s%7s%9s%7s%7s%9s" % (
        "", "calls", "us/call", "x", "x/rec", "us/call", "x", "x/rec",
        "offers"))
    for rows in SWEEPS:
        flat = Flat()
        for title, choices in rows:
            with tempfile.TemporaryDirectory(
                    dir=os.path.join(build, "bench")) as folder:
                measure(build, folder, table, flat, title, choices)
    print()


def feed(command, path):
    with open(path, "wb") as f:
        subprocess.run(command, stdout=f, check=True)


def stream(build, folder, check_peak):
    """The whole pipeline over traces that are made while they are read, so
    that nc-parse cannot know how much of each is to come."""
    flat = Flat()
    recorded = inputs.Recorded(build, folder, 0)
    traces = {h: os.path.join(folder, h + ".fifo") for h in inputs.HOSTS}
    hosts = inputs.write_hosts(folder, traces)
    for path in traces.values():
        if not os.path.exists(path):
            os.mkfifo(path)
    print("%-18s%9s%9s%9s%9s" % ("streamed", "CPU s", "us/kB", "x",
                                 "peak MB"))
    for megabytes in STREAMED:
        makers = [threading.Thread(target=feed, args=(
            recorded.command(h, megabytes), path))
            for h, path in traces.items()]
        for m in makers:
            m.start()
        t = Timing([os.path.join(build, "bin/netcheck"), "-f", "json", hosts],
                   1)
        for m in makers:
            m.join()
        cost = t.cpu / megabytes * 1e3
        title = "%d MB" % megabytes
        print("%-18s%9.2f%9.2f%9.2f%9.1f" % (
            title, t.cpu, cost, flat.of("", cost), t.peak), flush=True)
        check_peak("streamed " + title, "netcheck", t)
    print()
