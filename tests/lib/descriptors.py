#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""Which socket a descriptor stands for, in recordings that tell it themselves.

descriptors.py [FOLDER]

What the programs of tests/lab/src/descriptors send is the port of the socket
that they send it on.  So each number of a socket goes with one port, and each
port with one number; a socket is released once, after its last use; where all
was traced, none was there before and no close is missed.  Needs nc-parse in
PATH; prints what differs, and how many files were read.
"""
import glob
import os
import sys

from equal import parse

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../data",
                    "descriptors")


def port_of(endpoint):
    return endpoint.rpartition(":")[2] if endpoint else None


def claims(records):
    """(line, socket, port) of what calls say of their socket."""
    for r in records:
        if r["record"] != "call":
            continue
        data = r.get("data", b"").decode("latin-1")
        if r["call"] in ("bind", "getsockname") and r.get("result") == 0:
            yield r["line"], r.get("socket"), "=" + port_of(r["local"])
        elif r["call"] in ("accept", "accept4") and r.get("made"):
            yield r["line"], r["made"], port_of(r.get("peer"))
        elif r["call"] == "sendto" and data == "0":
            if r.get("socket") is not None:
                yield r["line"], r["socket"], "closed"
        elif r["call"] == "sendto" and data.isdigit():
            yield r["line"], r.get("socket"), data


def check(path):
    """What is wrong with a recording; NAME.ff stands for its files."""
    files = sorted(glob.glob(path + ".*")) if path.endswith(".ff") else [path]
    status, messages, records = parse(files[-1], *files[:-1])
    for i, r in enumerate(records):
        if len(files) > 1:  # lines of different files do not compare
            r["line"] = i
    base = os.path.basename(path)
    bad = [] if status == 0 and not messages else [f"{status}: {messages!r}"]
    by_port, by_socket, used = {}, {}, {}
    listens = {r.get("socket") for r in records if r.get("call") == "listen"}
    for line, socket, port in claims(records):
        plain = port.lstrip("=")
        if plain == "0":
            continue
        if port == "closed" or socket is None:
            bad.append(f"line {line}: {port} is socket {socket}")
            continue
        if socket in listens and not port.startswith("="):
            bad.append(f"line {line}: {port} is the listener")
        if by_socket.setdefault(socket, plain) != plain:
            bad.append(f"line {line}: socket {socket} is {plain}, and was "
                       f"{by_socket[socket]}")
        # A port may be bound again later, by another socket.
        if port.startswith("="):
            by_port[plain] = socket
        elif by_port.setdefault(plain, socket) != socket and \
                ".net." not in base:
            bad.append(f"line {line}: {plain} is socket {socket}, and was "
                       f"{by_port[plain]}")
        used[socket] = line
    if ".net." in base:
        return bad
    released = {}
    for r in records:
        if r.get("call") == "release" and r["record"] == "call":
            released.setdefault(r["socket"], []).append(r["line"])
    for socket, line in used.items():
        if len(released.get(socket, ())) != 1 or released[socket][0] < line:
            bad.append(f"socket {socket} ({by_socket[socket]}), used in line "
                       f"{line}, is released in {released.get(socket)}")
    if not base.startswith("attach"):
        for end in (r for r in records if r["record"] == "end"):
            if end["late"] or end["unfollowed"] or end["cut"] or \
               "missed close" in end["hidden"]:
                bad.append(f"{end}")
    return bad


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else DATA
    failed = count = 0
    paths = glob.glob(os.path.join(folder, "*.trace"))
    paths += {os.path.splitext(x)[0]
              for x in glob.glob(os.path.join(folder, "*.ff.*"))}
    for path in sorted(paths):
        bad = check(path)
        count += 1
        failed += bool(bad)
        for text in bad[:6]:
            print(f"{os.path.basename(path)}: {text}")
    print(f"{count - failed} of {count}")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
