#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""Makes a stream for nc-diagnose of short lines.

diagnose_stream.py [--cut] [--not-ok] <lines >stream.nc

A line is a kind and a JSON object whose values override the defaults below:
    dev {"code": "CONN_TIMEOUT", "args": {"waited": 7000000000}}
Facts and other maps are merged with the defaults.  A client at 10.0.2.2 and
a server at 10.0.1.2, each with one whole trace, are there already.
"""
import json
import os
import subprocess
import sys

S = 1000000000

DEFAULTS = {
    "dev": {
        "record": "deviation", "severity": "warning", "tag": "NETWORK",
        "weak": 0, "confidence": 90, "host": "client", "trace": 0,
        "line": 10, "entry": 10, "thread": 7, "process": 7,
        "time": 100 * S, "text": "connect(3, ...) = -1", "socket": 1,
        "local": "10.0.2.2:40000", "peer": "10.0.1.2:8080",
        "peer_host": "server", "args": {}},
    "conn": {
        "record": "connection", "match": "exact", "client_host": "client",
        "client_socket": 1, "client_local": "10.0.2.2:40000",
        "client_target": "10.0.1.2:8080", "server_host": "server",
        "server_socket": 5, "server_local": "10.0.1.2:8080",
        "server_peer": "10.0.2.2:40000", "opened": "connected",
        "closed": "client", "elastic": 0,
        "to_server": {"sent": 10, "received": 10, "lost": 0,
                      "compared": 10},
        "to_client": {"sent": 10, "received": 10, "lost": 0,
                      "compared": 10},
        "first": 100 * S, "last": 101 * S,
        "refs": [["client", 0, 10, "connect(3, ...)"],
                 ["server", 0, 20, "accept(4, ...)"]],
        "facts": {"client_process": 7, "seq": 50, "complete": 1}},
    "flow": {
        "record": "flow", "flow": 1, "sender_host": "client",
        "sender_socket": 1, "source": "10.0.2.2:40000",
        "receiver_host": "server", "receiver_socket": 5,
        "destination": "10.0.1.2:8080", "match": "exact", "sent": 20,
        "received": 20, "lost": 0, "bytes_sent": 2000,
        "bytes_received": 2000, "bytes_lost": 0,
        "refs": [["client", 0, 11, "sendto(3, ...)"]],
        "facts": {"receiver_bound": 1, "receiver_waiting": 1,
                  "buffer_set": 0, "multicast": 0, "unseen": 0,
                  "seq": 50}},
    "end": {
        "record": "end", "host": "client", "trace": 0, "lines": 100,
        "calls": 90, "records": 80, "open": 0, "truncated": 0,
        "rejected": 0, "unfollowed": 0, "late": 0, "cut": 0, "timed": 1,
        "hidden": []},
}

FAILED = {"server_socket": None, "server_local": None, "server_peer": None,
          "to_server": {"sent": 0, "received": 0},
          "to_client": {"sent": 0, "received": 0}}

PREAMBLE = [
    {"record": "host", "host": "server", "trace": 0,
     "file": {"$hex": b"server.trace".hex()}, "lane": 0},
    {"record": "host", "host": "client", "trace": 0,
     "file": {"$hex": b"client.trace".hex()}, "lane": 0},
    {"record": "address", "host": "server", "address": "10.0.1.2",
     "source": "hosts"},
    {"record": "address", "host": "client", "address": "10.0.2.2",
     "source": "hosts"},
]


def merged(base, over):
    out = dict(base)
    for k, v in over.items():
        if isinstance(v, dict) and isinstance(out.get(k), dict):
            v = {**out[k], **v}
        out[k] = v
    return out


def main():
    records = list(PREAMBLE)
    ended = set()
    for line in sys.stdin:
        if not line.strip():
            continue
        kind, _, rest = line.strip().partition(" ")
        over = json.loads(rest or "{}")
        base = DEFAULTS.get(kind, {"record": kind})
        if kind == "conn" and over.get("opened", "connected") != "connected":
            base = merged(base, FAILED)
        r = merged(base, over)
        if kind == "end":
            ended.add(r["host"])
        records.append(r)
    for host in ("server", "client"):
        if host not in ended:
            records.append(merged(DEFAULTS["end"], {"host": host}))
    text = "".join(json.dumps(r) + "\n" for r in records)
    maker = os.path.join(os.path.dirname(__file__), "make_stream.py")
    subprocess.run([sys.executable, maker, *sys.argv[1:]],
                   input=text.encode(), check=True)


if __name__ == "__main__":
    main()
