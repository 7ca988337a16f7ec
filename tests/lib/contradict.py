#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""Sends streams that contradict themselves through the stages.

contradict.py BIN SEED COUNT CASE...

Of a case's stream, as nc-parse or a later stage wrote it, records are doubled,
dropped, exchanged, or have a field of another record or any value; or bytes are
changed, or the stream ends in mid record.  Law: every stage that follows ends
with status 0, 1 or 2, and soon, and no sanitizer has anything to say; a stream
that was cut is refused with status 2 and the place.  What breaks it is told
with its seed, and the status is 1 then.
"""
import io
import os
import random
import re
import subprocess
import sys

import msgpack

STAGES = ("nc-parse", "nc-order", "nc-model", "nc-diagnose")
FORMATS = ("text", "json", "jsonl", "csv", "html", "shiviz", "mermaid",
           "perfetto", "pcapng")
PLACE = re.compile(r"record \d+ at byte \d+")
SECONDS = 60
INTS = (0, 1, -1, 2, 7, 255, 65535, 65536, 1 << 31, -1 << 31, 1 << 32,
        1 << 53, 1 << 62, (1 << 63) - 1, 1 - (1 << 63), 10 ** 18)
TEXTS = ("", "nobody", "10.0.1.2:80", "[::1]:0", "0.0.0.0:0", "connect",
         "accept", "release", "recvfrom", "sendto", "poll", "epoll_wait",
         "shutdown", "listen", "sendmmsg", "ECONNRESET", "EAGAIN",
         "EINPROGRESS", "kill", "999.1.1.1:99999", "\x1b[31m")


def unpack(data):
    return list(msgpack.Unpacker(
        io.BytesIO(data), raw=False, unicode_errors="surrogateescape",
        strict_map_key=False, max_buffer_size=0))


def pack(records):
    p = msgpack.Packer(use_bin_type=True, unicode_errors="surrogateescape")
    out = []
    for r in records:
        try:
            out.append(p.pack(r))
        except (OverflowError, ValueError):
            p.reset()
            out.append(p.pack(["call"]))
    return b"".join(out)


def another(rng, v):
    """Some other value than v, of its type mostly."""
    k = rng.random()
    if isinstance(v, list) and v:
        v = list(v)
        i = rng.randrange(len(v))
        if k < .6:
            v[i] = another(rng, v[i])
        elif k < .8:
            v.insert(i, v[i])
        else:
            del v[i]
        return v
    if k > .9:
        return rng.choice((None, 5, "x", b"x", [], {}, True, 1.5))
    if isinstance(v, int):
        return rng.choice(INTS) if k < .4 else v + rng.choice(
            (-100000, -3, -2, -1, 1, 2, 3, 100000))
    if isinstance(v, (str, bytes)) and v and k < .5:
        return v[:rng.randrange(len(v))] if k < .3 else v * rng.choice((2, 50))
    if isinstance(v, bytes):
        return bytes(rng.randrange(256) for _ in range(rng.randrange(9)))
    return rng.choice(TEXTS) if isinstance(v, str) or k < .5 else \
        rng.choice(INTS)


def contradict(rng, records):
    records = [list(r) for r in records]
    for _ in range(rng.choice((1, 1, 2, 5, 20, len(records) // 10 + 1))):
        i, j = (rng.randrange(1, len(records)) for _ in range(2))
        a, b, k = records[i], records[j], rng.random()
        if k < .1:
            records.insert(j, a)
        elif k < .2 and len(records) > 3:
            del records[i]
        elif k < .3:
            records[i], records[j] = b, a
        elif k < .4 and min(len(a), len(b)) > 1:
            f = rng.randrange(1, min(len(a), len(b)))
            a[f] = b[f]
        elif len(a) > 1:
            f = rng.randrange(1, len(a))
            a[f] = another(rng, a[f])
    return pack(records)


def damage(rng, data):
    data = bytearray(data)
    for _ in range(rng.choice((1, 3, 30))):
        data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)


class Law:
    def __init__(self, folder):
        self.folder, self.wrong = folder, 0

    def run(self, stage, data, told):
        """What the stage writes, and how it ends; None if it breaks the law."""
        args = stage.split()
        try:
            p = subprocess.run([os.path.join(self.folder, args[0])] + args[1:],
                               input=data, stdout=subprocess.PIPE, check=False,
                               stderr=subprocess.PIPE, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            return self.broken(told, stage, "it does not end")
        err = p.stderr.decode(errors="replace")
        if p.returncode not in (0, 1, 2) or "Sanitizer" in err or \
                "runtime error" in err:
            return self.broken(told, stage, f"status {p.returncode}: {err}")
        return p.stdout, p.returncode, err

    def broken(self, told, stage, why):
        self.wrong += 1
        print(f"{told}: {stage}: {why[:1000]}", flush=True)


def chain(law, case):
    """What each stage writes about a case."""
    out, data = [], b""
    for stage in STAGES:
        if stage == "nc-parse":
            stage += " " + os.path.join(case, "hosts.csv")
        data = law.run(stage, data, case)[0]
        out.append(data)
    return out


def check(law, rng, streams, told):
    at = rng.choice((0, 0, 0, 1, 1, 2, 3))
    data, how = streams[at], rng.random()
    if how < .8:
        data = contradict(rng, unpack(data))
    elif how < .9:
        data = damage(rng, data)
    else:
        data = data[:rng.randrange(1, len(data))]
    later = STAGES[at + 1:] + ("nc-report -f " + rng.choice(FORMATS),)
    for n, stage in enumerate(later):
        got = law.run(stage, data, told)
        if got is None:
            return
        if n == 0 and how >= .9 and not (got[1] == 2 and PLACE.search(got[2])):
            law.broken(told, stage, f"cut, but status {got[1]}: {got[2]}")
        data = got[0]


def main():
    folder, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    law = Law(folder)
    cases = [chain(law, c) for c in sys.argv[4:]]
    for s in range(seed, seed + count):
        rng = random.Random(s)
        check(law, rng, rng.choice(cases), f"seed {s}")
    print(f"{law.wrong} of {count} streams break the law")
    return law.wrong > 0


if __name__ == "__main__":
    sys.exit(main())
