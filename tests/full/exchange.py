#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""Writes the records of N calls and more, as lines for make_stream.py.

exchange.py N

A client's eight threads ask a server four times a connection; the last answer
on every 997th is never read, and a finding names those.
"""
import json
import sys

STEP = 40_000  # ns between two calls
ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 800\r\n\r\n"


class Trace:
    def __init__(self, host):
        self.host, self.line = host, 0

    def call(self, name, thread, **fields):
        global now, count
        now += STEP
        count += 1
        self.line += 1
        put("call", host=self.host, trace=0, line=self.line, entry=self.line,
            thread=thread, process=thread, time=now, duration=20_000,
            call=name, **fields)


def put(kind, **fields):
    print(json.dumps({"record": kind, **fields}))


def connection(number):
    """One connection; returns its record and the line that nobody read."""
    mine, theirs = number, number + 1
    port = f"10.0.2.2:{20000 + number % 40000}"
    thread = 100 + number % 8
    lost = 0
    client.call("connect", thread, socket=mine, fd=5, result=0,
                peer="10.0.1.2:80", local=port)
    opened = client.line
    server.call("accept4", 200, socket=1, fd=3, result=7, made=theirs,
                peer=port)
    for i in range(4):
        ask = f"GET /page/{number}/{i} HTTP/1.1\r\nHost: x\r\n\r\n"
        client.call("sendto", thread, socket=mine, fd=5, result=80, asked=80,
                    data=ask)
        server.call("recvfrom", 200, socket=theirs, fd=7, result=80,
                    asked=4096, data=ask)
        server.call("sendto", 200, socket=theirs, fd=7, result=900, asked=900,
                    data=ANSWER)
        if number % 997 == 0 and i == 3:
            lost = server.line
            continue
        client.call("recvfrom", thread, socket=mine, fd=5, result=900,
                    asked=65536, data=ANSWER)
    client.call("close", thread, socket=mine, fd=5, result=0)
    client.call("release", thread, socket=mine, cause="close")
    if lost:
        put("deviation", code="DATA_UNDELIVERED", severity="warning",
            host="server", trace=0, line=lost, text="sendto",
            connection=number, args={"bytes": 900})
    received = 2700 if lost else 3600
    return lost, dict(
        connection=number, match="exact", client_host="client",
        client_socket=mine, client_local=port, client_target="10.0.1.2:80",
        server_host="server", server_socket=theirs,
        server_local="10.0.1.2:80", server_peer=port, opened="connected",
        closed="client", elastic=0,
        to_server={"sent": 320, "received": 320, "lost": 0},
        to_client={"sent": 3600, "received": received,
                   "lost": 3600 - received, "loss_cause": "network"},
        facts={"client_line": opened})


now, count = 1_700_000_000_000_000_000, 0
client, server = Trace("client"), Trace("server")
for t in client, server:
    put("host", host=t.host, trace=0, file=t.host + ".trace", lane=0,
        dialect="strace")
unread, records = [], []
while count < int(sys.argv[1]):
    bad, record = connection(len(records) + 1)
    records.append(record)
    if bad:
        unread.append(bad)
for record in records:
    put("connection", **record)
for t in client, server:
    put("end", host=t.host, trace=0, lines=t.line, calls=t.line, timed=1)
put("count", stage="nc-model", name="bytes_received", value=1)
if unread:
    put("finding", id="data-undelivered", category="network",
        severity="error", confidence=80, hosts=["client", "server"],
        summary=f"900 bytes never arrived on {len(unread)} connections",
        evidence=[["server", "server.trace", n, "sendto"]
                  for n in unread[:20]], count=len(unread))
