# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""What a redacted record stream still shows of the payload.

redaction.py KEYFILE TRACE... prints what is wrong, and how many were read;
it needs nc-parse in PATH.
"""
import re
import subprocess
import sys

import msgpack

# So many bytes of payload in the redacted stream are no chance any more.
SHORTEST = 8
# What framing is kept, by its form, for streams and for datagrams: written
# from the manual, not from the scanners.
NAME = rb"[-A-Za-z0-9._:\[\]]+"
KEPT = re.compile(
    rb"(?s:[\x14-\x17]\x03[\x00-\x04]..)"  # TLS record header
    rb"|(?: HTTP/1\.\d\r?\n)"
    rb"|(?:HTTP/1\.\d \d\d\d)"
    rb"|(?i:Content-Length:[ \t]*\d+[ \t]*\r?\n)"
    rb"|(?i:Host:[ \t]*" + NAME + rb"[ \t]*\r?\n)"
    rb"|(?:\r?\n)"  # ends a head
    rb"|(?i:PORT (?:\d+,){5}\d+\r?\n)"
    rb"|(?i:EPRT \|[12]\|[0-9a-fA-F.:]+\|\d+\|\r?\n)"
    rb"|(?:[A-Z]+ )"  # method
    rb"|(?:22[79] )"
    rb"|(?:\(?(?:\d+,){5}\d+\)?)"
    rb"|(?:\(?\|\|\|\d+\|\)?)")


def unpack(stream):
    """Yields (kind, {field: value}) of a stream's records."""
    unpacker = msgpack.Unpacker(raw=False, strict_map_key=False,
                                unicode_errors="surrogateescape",
                                max_buffer_size=2**31 - 1)
    unpacker.feed(stream)
    names = {}
    for kind, *fields in unpacker:
        if kind == "netcheck":
            names = fields[1]
        else:
            yield kind, dict(zip(names.get(kind, ()), fields))


def is_framing(kept):
    """True if those bytes are what the manual says is kept."""
    while kept:
        m = KEPT.match(kept)
        if not m or not m.end():
            return False
        kept = kept[m.end():]
    return True


def is_dns(data, at):
    """True if a DNS message of one question begins there."""
    return len(data) >= at + 17 and data[at + 4:at + 6] == b"\0\1"


def words(data, step=SHORTEST):
    """Its stretches of SHORTEST bytes, but those that repeat one byte."""
    for i in range(0, len(data) - SHORTEST + 1, step):
        word = data[i:i + SHORTEST]
        if word.count(word[:1]) < SHORTEST:
            yield word


def texts(record):
    """All bytes and text in a record."""
    for value in record.values():
        if isinstance(value, str):
            yield value.encode(errors="surrogateescape")
        elif isinstance(value, bytes):
            yield value


def same(a, b):
    return {k: v for k, v in a.items() if v is not None} == \
        {k: v for k, v in b.items() if v is not None}


def leaks(plain, redacted):
    """What is wrong with a redacted stream, given the plain one."""
    bad, payload, fields, rest = [], set(), [], []
    before = [r for r in unpack(plain) if r[0] != "end"]
    after = [r for r in unpack(redacted) if r[0] != "end"]
    if len(before) != len(after):
        return [f"{len(after)} records instead of {len(before)}"]
    for (kind, a), (_, b) in zip(before, after):
        if kind not in ("call", "begin"):
            fields.append(b)
            continue
        where = f"{a['host']}:{a.get('line')}: {a['call']}: "
        data, hidden = a.pop("data", None), b.pop("data", None)
        clear = b.pop("clear", None) or []
        if hidden is None:
            for r in a, b:
                r.pop("runs", None)
                r.pop("marks", None)
        if a["call"].startswith(("open", "creat")):
            if b.get("option") is not None:
                bad.append(where + "the file's name is told")
            a.pop("option", None)
        if not same(a, b):
            bad.append(where + "other fields changed")
        fields.append(b)
        left = bytearray(data or b"")
        for at, kept in zip(clear[::2], clear[1::2]):
            if left[at:at + len(kept)] != kept:
                bad.append(where + f"clear is wrong at {at}")
            elif not is_framing(kept) and not is_dns(data, 0) and \
                    not is_dns(data, 2):
                bad.append(where + f"kept {kept[:60]!r}")
            left[at:at + len(kept)] = bytes(len(kept))
        payload.update(words(bytes(left)))
        if hidden is not None:
            if len(hidden) != len(data):
                bad.append(where + "another length")
            rest.append(hidden)
    # What the other fields tell is told by the trace without its payload.
    for r in fields:
        for text in texts(r):
            payload.difference_update(words(text, 1))
    for text in rest:
        found = payload.intersection(words(text, 1))
        if found:
            bad.append(f"payload is left: {sorted(found)[0]!r}")
    return bad[:10]


def main():
    wrong = 0
    for trace in sys.argv[2:]:
        plain, hidden = (
            subprocess.run(["nc-parse", "-q", *option, trace], check=False,
                           stdout=subprocess.PIPE)
            for option in ([], ["--redact=" + sys.argv[1]]))
        bad = leaks(plain.stdout, hidden.stdout)
        if plain.returncode != hidden.returncode:
            bad.append(f"exit status {hidden.returncode}")
        wrong += bool(bad)
        for reason in bad:
            print(f"{trace}: {reason}")
    print(f"{len(sys.argv) - 2} files, {wrong} wrong")


if __name__ == "__main__":
    main()
