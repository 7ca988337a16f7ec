#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""Laws of the formats that other programs draw.  traces.py FORMAT FILE

shiviz    every clock grows by one on its own row and never shrinks, and knows
          of no event that does not stand before it
perfetto  the slices of a track do not overlap but lie in one another, and
          every arrow begins and ends in one
Prints how many events and arrows there were.
"""
import json
import re
import sys


def shiviz(text):
    parser = re.compile(r"(?P<event>.*)\n(?P<host>\S*) (?P<clock>{.*})\n")
    rows, at, events, heard = {}, 0, 0, 0
    while at < len(text):
        m = parser.match(text, at)
        assert m, text[at:at + 200]
        at = m.end()
        host, clock = json.loads(f'"{m["host"]}"'), json.loads(m["clock"])
        own = rows.setdefault(host, {})
        assert clock[host] == own.get(host, 0) + 1, m[0]
        for name, n in clock.items():
            assert n >= own.get(name, 0), m[0]
            assert name == host or n <= rows[name][name], m[0]
        heard += any(n > own.get(name, 0) for name, n in clock.items()
                     if name != host)
        assert set(own) <= set(clock), m[0]
        rows[host] = clock
        events += 1
    return events, heard


def perfetto(text):
    events = json.loads(text)["traceEvents"]
    tracks, arrows = {}, {}
    for e in events:
        track = e["pid"], e["tid"]
        if e["ph"] == "X":
            ns = round(e["ts"] * 1000)
            tracks.setdefault(track, []).append(
                (ns, ns + round(e["dur"] * 1000)))
            assert e["dur"] >= 0 and e["args"]["line"]
        elif e["ph"] in "sf":
            arrows.setdefault(e["id"], {})[e["ph"]] = \
                (track, round(e["ts"] * 1000))
    for slices in tracks.values():
        slices.sort(key=lambda s: (s[0], -s[1]))
        within = []
        for start, end in slices:
            while within and within[-1] <= start:
                within.pop()
            assert not within or end <= within[-1], (start, end, within)
            within.append(end)
    for ends in arrows.values():
        assert set(ends) == {"s", "f"}
        for track, at in ends.values():
            assert any(a <= at <= b for a, b in tracks[track])
    return sum(map(len, tracks.values())), len(arrows)


if __name__ == "__main__":
    with open(sys.argv[2], encoding="utf-8") as f:
        print(*globals()[sys.argv[1]](f.read()))
