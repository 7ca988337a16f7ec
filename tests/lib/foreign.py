#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""Renders a trace of strace as other systems' tracers would have written it.

foreign.py render DIALECT <trace    as truss-freebsd, truss-solaris or kdump
foreign.py law                      nc-parse must make the same calls of all

Only what these tracers and systems have is rendered: calls that they lack
(epoll, sendmmsg, splice) are left out.  `law' renders tests/data/dialects/
strace/f_s4096.txt, compares thread by thread what is left, and prints the
differences; nc-parse and nc-report must be in PATH.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../data",
                    "dialects")
DIALECTS = ("truss-freebsd", "truss-solaris", "kdump")
BSD = dict(
    EDEADLK=11, EAGAIN=35, EINPROGRESS=36, EALREADY=37, ENOTSOCK=38,
    EDESTADDRREQ=39, EMSGSIZE=40, EPROTOTYPE=41, ENOPROTOOPT=42,
    EPROTONOSUPPORT=43, ESOCKTNOSUPPORT=44, EOPNOTSUPP=45, EAFNOSUPPORT=47,
    EADDRINUSE=48, EADDRNOTAVAIL=49, ENETDOWN=50, ENETUNREACH=51,
    ECONNABORTED=53, ECONNRESET=54, ENOBUFS=55, EISCONN=56, ENOTCONN=57,
    ETIMEDOUT=60, ECONNREFUSED=61, EHOSTUNREACH=65)
SOLARIS = dict(
    EAGAIN=11, EINPROGRESS=150, EALREADY=149, ENOTSOCK=95, EDESTADDRREQ=96,
    EMSGSIZE=97, EPROTONOSUPPORT=120, EOPNOTSUPP=122, EAFNOSUPPORT=124,
    EADDRINUSE=125, EADDRNOTAVAIL=126, ENETUNREACH=128, ECONNABORTED=130,
    ECONNRESET=131, ENOBUFS=132, EISCONN=133, ENOTCONN=134, ETIMEDOUT=145,
    ECONNREFUSED=146, EHOSTUNREACH=148)
COMMON = dict(EPERM=1, ENOENT=2, EINTR=4, EBADF=9, ENOMEM=12, EACCES=13,
              EFAULT=14, EEXIST=17, ENOTDIR=20, EINVAL=22, EMFILE=24,
              ENOTTY=25, EPIPE=32)
SEND = {"write", "send", "sendto", "sendmsg", "writev"}
IO = SEND | {"read", "recv", "recvfrom", "recvmsg", "readv"}
ADDRESS = {"bind": 1, "connect": 1, "accept": 1, "accept4": 1,
           "getsockname": 1, "getpeername": 1, "sendto": 4, "recvfrom": 4}
# Filled in by the kernel: of a failed call there is nothing to show.
OUT = {"accept", "accept4", "getsockname", "getpeername", "recvfrom",
       "recvmsg", "read", "readv", "recv"}
KNOWN = set(ADDRESS) | IO | {
    "socket", "listen", "shutdown", "setsockopt", "getsockopt", "close",
    "dup", "dup2", "dup3", "fcntl", "poll", "ppoll", "select", "pselect6",
    "fork", "vfork", "clone", "clone3", "execve", "exit", "exit_group",
    "pipe2", "socketpair", "open", "openat"}
STRING = re.compile(rb'"(?:[^"\\]|\\.)*"(?:\.\.\.)?', re.S)
LINE = re.compile(rb"^(?:(\d+) +)?(?:(\d+\.\d+|\d\d:\d\d:\d\d(?:\.\d+)?) )?(\S.*)$", re.S)


class Call:
    """A call: result is None where it never returned."""

    def __init__(self, thread, name, entry):
        self.thread, self.name, self.entry = thread, name, entry
        self.args, self.result, self.error = [], None, None
        self.more, self.exit = b"", None
        self.split = False


def plain(text):
    """Without the annotations of descriptors."""
    out, p = b"", 0
    for m in STRING.finditer(text):
        out += bare(text[p:m.start()]) + m.group()
        p = m.end()
    return out + bare(text[p:])


def bare(text):
    old = None
    while old != text:
        old = text
        text = re.sub(rb"(?<=[\dD])<(?:->|[^<>])*>", b"", text)
    return text


def cut(text):
    """Arguments at their commas."""
    out, depth, p, start = [], 0, 0, 0
    while p < len(text):
        c = text[p:p + 1]
        if c == b'"':
            p = STRING.match(text, p).end()
            continue
        if c in b"([{":
            depth += 1
        elif c in b")]}":
            depth -= 1
        elif c == b"," and depth == 0:
            out.append(text[start:p].strip())
            start = p + 1
        p += 1
    if text[start:].strip():
        out.append(text[start:].strip())
    return out


def close_of(text):
    """Where the call's own parenthesis closes."""
    depth, p = 1, 0
    while p < len(text):
        c = text[p:p + 1]
        if c == b'"':
            p = STRING.match(text, p).end()
            continue
        depth += (c in b"([{") - (c in b")]}")
        if depth == 0:
            return p
        p += 1
    return -1


def decode(text):
    """The bytes of a string, and whether it is cut."""
    short = text.endswith(b"...")
    body = text[1:text.rindex(b'"')]
    table = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"v": b"\v", b"f": b"\f"}

    def one(m):
        s = m.group(1)
        if s in table:
            return table[s]
        if s[:1] == b"x":
            return bytes([int(s[1:], 16)])
        return bytes([int(s, 8)]) if s[:1].isdigit() else s
    return re.sub(rb"\\(x..|[0-7]{1,3}|.)", one, body, flags=re.S), short


def seconds(text):
    if b":" not in text:
        return float(text)
    h, m, s = text.split(b":")
    return int(h) * 3600 + int(m) * 60 + float(s)


def read_trace(data):
    """Events in their order: ("begin" | "end", call), ("exit", thread)."""
    pending, events, now = {}, [], None
    for raw in data.split(b"\n"):
        m = LINE.match(raw)
        if not m:
            continue
        thread, body = int(m.group(1) or 1), m.group(3)
        if m.group(2):
            now = seconds(m.group(2))
        if body.startswith(b"+++"):
            events.append(("exit", thread, b"killed" in body))
        if body[:3] in (b"+++", b"---"):
            continue
        half = re.search(rb",? *<unfinished \.\.\.>$", body)
        again = re.match(rb"<\.\.\. (\w+) resumed>[, ]*", body)
        if again and thread not in pending:
            continue  # of an execve by another thread
        if again:
            call, before = pending.pop(thread)
            between = b"" if not before or \
                re.match(rb"[,)\]}=]", body[again.end():]) else b", "
            text = before + between + body[again.end():]
        else:
            if not re.match(rb"\w+\(", body):
                continue
            name, text = body.split(b"(", 1)
            call = Call(thread, name.decode(), now)
            events.append(("begin", call))
            if half:
                call.split = True
                text = text[:text.rindex(b"<unfinished")].rstrip(b", ")
                if name.decode() in KNOWN:
                    call.args = cut(plain(text))
                pending[thread] = call, text
                continue
        finish(call, text, now)
        events.append(("end", call))
    return events


def finish(call, text, now):
    if call.name not in KNOWN:
        return
    text = plain(text)
    end = close_of(text)
    call.args = cut(text[:end])
    tail = text[end + 1:].strip()
    took = re.search(rb" <(\d+\.\d+)>$", tail)
    call.exit = call.entry if now is None else \
        call.entry + float(took.group(1)) if took and not call.split else now
    m = re.match(rb"= (-?\d+|0x[0-9a-f]+|\?) ?(E[A-Z0-9_]+)?", tail)
    if not m:
        return
    call.result = None if m.group(1) == b"?" else int(m.group(1), 0)
    call.error = m.group(2).decode() if m.group(2) else None
    m = re.search(rb"= \S+ \((.*?)\)(?: <|$)", tail, re.S)
    call.more = m.group(1) if m else b""


def address_of(text):
    """(family, address, port) or (AF_UNIX, path, None) or None."""
    m = re.search(rb'inet_addr\("([^"]+)"|inet_pton\(AF_INET6, "([^"]+)"',
                  text)
    port = re.search(rb"htons\((\d+)", text)
    if m and port:
        port = int(port.group(1))
        six = m.group(2) is not None
        return ("AF_INET6" if six else "AF_INET",
                (m.group(2) or m.group(1)).decode(), port)
    m = re.search(rb'sun_path=@?"([^"]*)"', text)
    return ("AF_UNIX", m.group(1).decode(), None) if m else None


def payload_of(call):
    """The bytes that a call moved, and whether they are cut."""
    n = call.result
    if call.name not in IO or n is None or n < 0:
        return None
    arg = call.args[1]
    if call.name in ("readv", "writev", "sendmsg", "recvmsg"):
        data = b""
        for x in re.findall(
                rb'iov_base=("(?:[^"\\]|\\.)*"(?:\.\.\.)?)', arg, re.S):
            part, short = decode(x)
            data += part
            if short:
                break
        return data[:n], len(data) < n
    if not arg.startswith(b'"') or b"MSG_TRUNC" in b"".join(call.args[3:4]):
        return None
    data, short = decode(arg)
    if call.name in SEND:
        return data, short
    return data[:n], short or len(data) < n


def sets_of(call):
    """select's descriptors: before, and those that came back."""
    before = [None if x == b"NULL" else x.strip(b"[]").decode().split()
              for x in call.args[1:4]]
    after = {m.group(1).decode(): m.group(2).decode().split() for m in
             re.finditer(rb"(in|out|except) \[([^\]]*)\]", call.more)}
    return before, [after.get(n, []) for n in ("in", "out", "except")]


def fds_of(call):
    """poll's descriptors with what was asked and what came."""
    got = {m.group(1): m.group(2).decode() for m in re.finditer(
        rb"fd=(-?\d+), revents=([A-Z|]+)", call.more)}
    return [(m.group(1).decode(), (m.group(2) or b"0").decode(),
             got.get(m.group(1), "0")) for m in re.finditer(
        rb"\{fd=(-?\d+)(?:, events=([A-Z|0-9]+))?\}", call.args[0])]


def timeout_of(text):
    m = re.match(rb"\{tv_sec=(\d+), tv_[un]sec=(\d+)\}", text)
    if not m:
        return None
    unit = 6 if b"usec" in text else 9
    return f"{m.group(1).decode()}.{int(m.group(2)):0{unit}d}".ljust(11, "0")


def vis(data, newline=True):
    """vis(3) with C-style escapes, as a list of what each byte becomes."""
    names = {7: "a", 8: "b", 9: "t", 10: "n", 11: "v", 12: "f", 13: "r"}
    out = []
    for i, c in enumerate(data):
        after = data[i + 1] if i + 1 < len(data) else 0
        low = c & 0x7f
        if c == 0:
            out.append("\\000" if 48 <= after <= 55 else "\\0")
        elif not newline and c in (9, 10):
            out.append(chr(c))
        elif c in names:
            out.append("\\" + names[c])
        elif c == 92:
            out.append("\\\\")
        elif 32 <= c < 127:
            out.append(chr(c))
        elif low < 32 or low == 127:
            out.append("\\" + ("M" if c > 127 else "") + "^" +
                       ("?" if low == 127 else chr(low + 64)))
        else:
            out.append("\\M-" + chr(low))
    return out


class Tasks:
    """Which process a thread is of, and its number there."""

    def __init__(self, events):
        self.process, self.number, self.count = {}, {}, {}
        self.parent = {}
        self.threaded = False
        for e in events:
            if e[0] == "exit":
                continue
            c = e[1]
            if c.thread not in self.process:
                self.add(c.thread, c.thread)
            if e[0] == "end" and c.name in ("clone", "fork", "vfork") and \
                    (c.result or 0) > 0 and not self.is_thread(c):
                self.parent[c.result] = self.process[c.thread]
            if e[0] == "end" and self.is_thread(c) and c.result > 0:
                self.add(c.result, self.process[c.thread])
                self.threaded = True

    @staticmethod
    def is_thread(c):
        return c.name in ("clone", "clone3") and \
            b"CLONE_THREAD" in b"".join(c.args) and c.result is not None

    def add(self, thread, process):
        self.process[thread] = process
        self.count[process] = self.count.get(process, 0) + 1
        self.number[thread] = self.count[process]


class Renderer:
    """What the dialects have in common."""

    numbers = BSD

    def __init__(self, events, limit=32):
        self.tasks, self.limit = Tasks(events), limit
        self.start = next((e[1].entry for e in events if e[0] == "begin"),
                          None)
        self.out = []
        for e in events:
            if e[0] == "exit":
                self.exited(e[1], e[2])
            elif e[1].name in KNOWN:
                getattr(self, e[0])(e[1])

    def errno(self, name):
        return self.numbers.get(name) or COMMON.get(name, 22)

    def render(self):
        return "".join(x + "\n" for x in self.out).encode("latin-1")

    def begin(self, c):
        pass

    def exited(self, thread, killed):
        pass


def type_of(text):
    return text.decode()


def number(text):
    """An argument that is a number; 0 for a name or a struct."""
    m = re.match(rb"-?\d+|0x[0-9a-f]+", text)
    return int(m.group(), 0) if m else 0


class Truss(Renderer):
    """FreeBSD's: one line when the call returns."""

    def prefix(self, c):
        pid = self.tasks.process[c.thread]
        text = f"{pid:5d}"
        if self.tasks.threaded:
            text += f" {100000 + c.thread:6d}"
        text += ": "
        if c.entry is not None:
            text += f"{c.exit - self.start:.9f} {c.exit - c.entry:.9f} "
        return text

    def string(self, data, cut_short):
        text, shown = "", 0
        for x in vis(data):
            if len(text) + len(x) > self.limit:
                break
            text += x
            shown += 1
        more = "..." if cut_short or shown < len(data) else ""
        return f'"{text}"{more}'

    @staticmethod
    def address(text):
        a = address_of(text)
        if a is None:
            return "NULL" if text == b"NULL" else "0x7fffffffe6b0"
        if a[0] == "AF_UNIX":
            return f'{{ AF_UNIX "{a[1]}" }}'
        host = f"[{a[1]}]" if a[0] == "AF_INET6" else a[1]
        return f"{{ {a[0]} {host}:{a[2]} }}"

    def arguments(self, c):
        a = [x.decode("latin-1") for x in c.args]
        failed = c.result is None or c.result < 0
        if c.name in ADDRESS:
            i = ADDRESS[c.name]
            a[i] = "0x7fffffffe6b0" if failed and c.name in OUT \
                else self.address(c.args[i])
            if len(a) > i + 1 and not a[i + 1].isdigit():
                a[i + 1] = "0x7fffffffe6ac"
        if c.name in IO and c.name[-1] != "v" and c.name[-3:] != "msg":
            if failed and c.name in OUT:
                a[1] = "0x7fffffffe5b0"
            elif c.args[1].startswith(b'"'):
                data, short = decode(c.args[1])
                if c.name in OUT:
                    data = data[:c.result]
                a[1] = self.string(data, short)
        if c.name in ("readv", "writev"):
            a[1] = self.vector(c, c.args[1])
        if c.name in ("sendmsg", "recvmsg"):
            m = re.search(rb"msg_name=(\{.*?\}|NULL)", c.args[1])
            name = self.address(m.group(1)) if m else "NULL"
            iov = re.search(rb"msg_iov=\[", c.args[1])
            a[1] = "0x7fffffffe5b0" if not iov or failed else \
                f"{{{name},0,{self.vector(c, c.args[1])},1,{{}},0,0}}"
        if c.name == "socketpair":
            a[3] = "0x7fffffffe6b0"
        if c.name in ("setsockopt", "getsockopt"):
            a[3] = "0x7fffffffe6bc"
            a += ["0"] * (5 - len(a))
            a[2] = a[2].replace("_OLD", "").replace("_NEW", "")
        if c.name in ("poll", "ppoll"):
            a[0] = "{ " + " ".join(f"{fd}/{ev}" for fd, ev, _ in fds_of(c)) \
                + " }"
        if c.name in ("select", "pselect6"):
            for i, s in enumerate(sets_of(c)[0]):
                a[i + 1] = "0x0" if s is None else "{ " + " ".join(s) + " }"
        for i, x in enumerate(c.args):
            t = timeout_of(x)
            if t and c.name in ("ppoll", "select", "pselect6"):
                a[i] = "{ " + t + " }"
        if c.name == "fcntl" and len(a) == 2:
            a.append("0x0")
        return ",".join(a)

    def vector(self, c, text):
        parts = []
        left = c.result if c.name in ("readv", "recvmsg") else 1 << 30
        for m in re.finditer(
                rb'\{iov_base=("(?:[^"\\]|\\.)*"(?:\.\.\.)?), iov_len=(\d+)',
                text, re.S):
            data, short = decode(m.group(1))
            parts.append(f"{{{self.string(data[:left], short)},"
                         f"{m.group(2).decode()}}}")
            left = max(0, left - len(data))
        return "[" + ",".join(parts) + "]"

    def end(self, c):
        name = c.name
        if name in ("exit", "exit_group"):
            thread = name == "exit" and \
                self.tasks.count[self.tasks.process[c.thread]] > 1
            text = self.prefix(c) + ("thr_exit(0x0)" if thread else
                                     "exit(0x0)")
            self.out.append(text)
            return
        if c.result is None:
            return
        if name in ("clone", "clone3"):
            name = "thr_new" if self.tasks.is_thread(c) else "fork"
        args = self.arguments(c) if name not in ("fork", "vfork", "thr_new") \
            else ""
        name = {"pselect6": "pselect"}.get(name, name)
        text = f"{self.prefix(c)}{name}({args})"
        text += "\t" * max(0, 6 - len(text) // 8)
        if c.error:
            error = "EINTR" if c.error.startswith("ERESTART") else c.error
            text += f" ERR#{self.errno(error)} 'an error'"
        else:
            value = 0 if name == "thr_new" else c.result
            text += f" = {value} (0x{value:x})"
        self.out.append(text)

    def exited(self, thread, killed):
        if self.tasks.process.get(thread) == thread:
            what = "killed, signal = 9" if killed else "exit, rval = 0"
            self.out.append(f"{thread:5d}" + (
                f" {100000 + thread:6d}" if self.tasks.threaded else "") +
                f": process {what}")


class Solaris(Renderer):
    """Details follow the call; calls that sleep are written twice."""

    numbers = SOLARIS

    def __init__(self, events, limit=1 << 30):
        super().__init__(events, limit)
        if self.start is not None:
            self.out.insert(0, f"Base time stamp:  {int(self.start)}.0000"
                            "  [ Thu Jan  1 00:00:00 GMT 1970 ]")

    def head(self, c, time):
        """The prefix of a call, with the time of -d."""
        stamp = "" if time is None else \
            f"{time - int(self.start):7.4f}\t"
        return self.prefix(c) + stamp

    def prefix(self, c):
        pid = self.tasks.process[c.thread]
        if self.tasks.count[pid] > 1:
            return f"{pid}/{self.tasks.number[c.thread]}:\t\t"
        return f"{pid}:\t"

    @staticmethod
    def cells(data):
        names = {0: "0", 7: "a", 8: "b", 9: "t", 10: "n", 11: "v", 12: "f",
                 13: "r"}
        return ["\\" + names[c] if c in names else " " + chr(c)
                if 32 <= c < 127 else f"{c:02X}" for c in data]

    def name(self, c):
        if c.name == "socket":
            return "so_socket"
        if c.name in ("clone", "clone3"):
            return "lwp_create" if self.tasks.is_thread(c) else "fork1"
        return {"exit_group": "_exit", "accept4": "accept", "ppoll":
                "pollsys", "select": "pollsys", "pselect6": "pollsys",
                "poll": "pollsys"}.get(c.name, c.name)

    def arguments(self, c, inline):
        a = [x.decode("latin-1") for x in c.args]
        n = c.name
        if n in ("fork", "vfork", "clone", "clone3"):
            return ""
        if n == "exit_group":
            return "0"
        if n == "socket":
            a[0] = a[0].replace("AF_", "PF_")
            return ", ".join(a[:3]) + ', "", SOV_DEFAULT'
        if n in ADDRESS and len(a) > ADDRESS[n]:
            a[ADDRESS[n]] = "0x080474E0"
            if n in OUT or n == "recvfrom":
                a[-1 if n != "accept4" else 2] = "0x080474DC"
        if n == "accept4":
            return ", ".join(a[:3] + ["SOV_DEFAULT"] + a[3:])
        if n in ("bind", "connect", "accept", "listen", "shutdown",
                 "getsockname", "getpeername"):
            a.append("SOV_DEFAULT")
        if n in ("setsockopt", "getsockopt"):
            a += ["0"] * (5 - len(a))
            a[2] = a[2].replace("_OLD", "").replace("_NEW", "")
            a[3:] = ["0x080474F8", "4", "SOV_DEFAULT"]
        if n in IO:
            a[1] = inline or "0x08059F11"
        if n in ("sendto", "recvfrom", "sendmsg", "recvmsg"):
            i = 3 if n in ("sendto", "recvfrom") else 2
            a += ["0"] * (i + 1 - len(a))
            a[i] = str(sum(v for k, v in {
                "MSG_OOB": 1, "MSG_PEEK": 2, "MSG_WAITALL": 0x40,
                "MSG_DONTWAIT": 0x80, "MSG_NOSIGNAL": 0x200}.items()
                if k in a[i]))
        if n in ("poll", "ppoll", "select", "pselect6"):
            infinite = b"-1" in c.args[-1:] or b"NULL" in c.args[2:3]
            return f"0x08047350, {len(fds_of(c)) if 'poll' in n else 1}, " + \
                ("0x00000000" if infinite else "0x08047360") + ", 0x00000000"
        if n == "fcntl":
            a = [x.replace("O_RDWR", "FWRITE").replace("O_NONBLOCK",
                                                       "FNONBLOCK")
                 for x in a]
        return ", ".join(a)

    def watched(self, c):
        """As poll: select is made of it."""
        if c.name in ("poll", "ppoll"):
            return fds_of(c)
        before, after = sets_of(c)
        out = {}
        for s, got, bit in zip(before, after, ("POLLRDNORM", "POLLWRNORM",
                                               "POLLRDBAND")):
            for fd in s or []:
                ev, rev = out.get(fd, ([], []))
                ev.append(bit)
                if fd in got:
                    rev.append(bit)
                out[fd] = ev, rev
        return [(fd, "|".join(ev), "|".join(rev) or "0")
                for fd, (ev, rev) in out.items()]

    def details(self, c, data):
        indent = self.prefix(c)
        failed = c.result is None or c.result < 0
        if data is not None:
            cells = self.cells(data)
            for i in range(0, len(cells), 32):
                self.out.append(indent + "  " + "".join(cells[i:i + 32]))
        word = {"sendto": "to", "recvfrom": "from", "sendmsg": "msg_name",
                "recvmsg": "msg_name"}.get(c.name, "name")
        text = c.args[ADDRESS[c.name]] if c.name in ADDRESS else \
            c.args[1] if c.name in ("sendmsg", "recvmsg") else b""
        a = address_of(text)
        if a and not (failed and c.name in OUT):
            port = "" if a[2] is None else f"  port = {a[2]}"
            self.out.append(f"{indent}\t{a[0]}  {word} = {a[1]}{port}")
        if c.name in ("poll", "ppoll", "select", "pselect6"):
            for fd, ev, rev in self.watched(c):
                self.out.append(f"{indent}\tfd={fd}  ev={ev} rev={rev}")
            if c.name == "poll" and number(c.args[2]) >= 0:
                self.out.append(f"{indent}\ttmout: "
                                f"{number(c.args[2]) / 1000:.9f} sec")
            for x in c.args:
                if timeout_of(x):
                    self.out.append(f"{indent}\ttmout: {timeout_of(x)} sec")

    def begin(self, c):
        parent = self.tasks.parent.pop(c.thread, None)
        if parent is not None:
            self.out.append(f"{c.thread}:\tfork1()\t\t"
                            f"(returning as child ...)\t= {parent}")
        if not c.split or c.name not in ADDRESS and c.name not in IO:
            return
        args = list(c.args) + [b"0x0"] * 6
        c2 = Call(c.thread, c.name, c.entry)
        c2.args = args[:{"accept": 3, "accept4": 4, "recvfrom": 6,
                         "sendto": 6, "listen": 2}.get(c.name, 3)]
        self.out.append(f"{self.head(c, c.entry)}{self.name(c)}"
                        f"({self.arguments(c2, None)}) (sleeping...)")

    def end(self, c):
        moved = payload_of(c)
        data = None if moved is None else moved[0]
        inline = None
        if data is not None and len(data) <= 12 and \
                c.name[-1] != "v" and c.name[-3:] != "msg":
            inline = '"' + "".join(self.cells(data)) + '"' + (
                ".." if moved[1] else "")
            data = None
        if c.name == "exit":
            name = "lwp_exit()" if \
                self.tasks.count[self.tasks.process[c.thread]] > 1 \
                else "_exit(0)"
            self.out.append(self.head(c, c.entry) + name)
            return
        text = f"{self.head(c, c.exit)}{self.name(c)}" \
            f"({self.arguments(c, inline)})"
        if c.name == "exit_group":
            self.out.append(text)
            return
        if c.name == "execve" and not c.error:
            self.out.append(text + "  argc = 1")
            return
        if c.name == "socketpair":
            for fd in re.findall(rb"\d+", c.args[3]):
                self.out.append(
                    f"{self.prefix(c)}so_socket(PF_UNIX, SOCK_STREAM, 0, "
                    f'"", SOV_DEFAULT) = {fd.decode()}')
            text = f"{self.head(c, c.exit)}so_socketpair(0x08047490)"
        if c.error:
            error = "EINTR" if c.error.startswith("ERESTART") else c.error
            text += f"\tErr#{self.errno(error)} {error}"
        elif c.name == "pipe2":
            fds = re.findall(rb"\d+", c.args[0])
            text += f"\t= {fds[0].decode()} [{fds[1].decode()}]"
        elif c.result is None:
            return
        else:
            value = self.tasks.number[c.result] if self.tasks.is_thread(c) \
                else c.result
            text += f"\t= {value}"
        self.out.append(text)
        self.details(c, data)


class Kdump(Renderer):
    """CALL and RET are lines of their own."""

    def __init__(self, events, limit=4096):
        super().__init__(events, limit)

    def line(self, c, kind, text, time):
        pid = self.tasks.process[c.thread]
        tid = f" {100000 + c.thread:6d}" if self.tasks.threaded else ""
        stamp = "" if time is None else f"{time:.6f} "
        self.out.append(f"{pid:6d}{tid} exchange {stamp}{kind:4s}  {text}")

    def name(self, c):
        if c.name in ("clone", "clone3"):
            return "thr_new" if self.tasks.is_thread(c) else "fork"
        if c.name == "exit" and \
                self.tasks.count[self.tasks.process[c.thread]] > 1:
            return "thr_exit"
        return {"exit_group": "exit", "pselect6": "pselect"}.get(
            c.name, c.name)

    def arguments(self, c):
        n = c.name
        a = c.args
        if n in ("fork", "vfork", "clone", "clone3"):
            return ""
        if n == "exit_group":
            return "(0)"
        if n == "exit":
            return "(0x7ffff7ff6990)"
        if n == "socket":
            return "(" + ",".join(
                x.decode().replace("AF_", "PF_") for x in a) + ")"
        if n in ("setsockopt", "getsockopt"):
            a = a + [b"0"] * (5 - len(a))
            name = a[2].decode().replace("_OLD", "").replace("_NEW", "")
            level = a[1].decode().replace("SOL_TCP", "IPPROTO_TCP").replace(
                "SOL_IPV6", "0x29")
            name = {"IPV6_V6ONLY": "0x1b", "TCP_NODELAY": "0x1"}.get(
                name, name)
            return f"(0x{number(a[0]):x},{level},{name},0x7fffffffe6bc,0x4)"
        if n == "fcntl":
            rest = ["0"] if len(a) == 2 else [
                f"0x{0x2 | 0x4 * (b'O_NONBLOCK' in a[2]):x}"
                if a[1] == b"F_SETFL" else a[2].decode()]
            return f"(0x{number(a[0]):x},{a[1].decode()},{rest[0]})"
        words = []
        for i, x in enumerate(a):
            if n in ("sendto", "recvfrom", "sendmsg", "recvmsg") and \
                    i == (3 if n[-1] != "g" else 2):
                words.append(x.decode() if x != b"0" else "0")
            elif n == "shutdown" and i == 1:
                words.append(x.decode())
            elif n == "accept4" and i == 3 or n == "dup3" and i == 2:
                words.append(f"0x{0x20000000 * (b'NONBLOCK' in x) | 0x10000000 * (b'CLOEXEC' in x):x}")
            elif x in (b"NULL", b"0"):
                words.append("0")
            elif re.fullmatch(rb"-?\d+", x):
                words.append(f"0x{int(x) & 0xffffffffffffffff:x}"
                             if abs(int(x)) > 9 or int(x) < 0
                             else x.decode())
            else:
                words.append("0x7fffffffe6b0")
        return "(" + ",".join(words) + ")"

    def begin(self, c):
        n = {"accept": 3, "accept4": 4, "recvfrom": 6, "sendto": 6, "read": 3,
             "recvmsg": 3, "write": 3, "sendmsg": 3, "getpeername": 3,
             "getsockopt": 5, "connect": 3}
        whole = Call(c.thread, c.name, c.entry)
        whole.args = c.args + [b"0"] * max(
            0, n.get(c.name, len(c.args)) - len(c.args))
        self.line(c, "CALL", self.name(c) + self.arguments(whole), c.entry)
        if c.name in ADDRESS and c.name not in OUT:
            self.address(c, c.entry)

    def address(self, c, time):
        text = c.args[ADDRESS[c.name]] if c.name in ADDRESS and \
            len(c.args) > ADDRESS[c.name] else c.args[1] \
            if c.name in ("sendmsg", "recvmsg") else b""
        a = address_of(text)
        if a is None:
            return
        where = f"[{a[1]}]:{a[2]}" if a[0] == "AF_INET6" else \
            a[1] if a[2] is None else f"{a[1]}:{a[2]}"
        self.line(c, "STRU", f"struct sockaddr {{ {a[0]}, {where} }}", time)

    def payload(self, c):
        data, _ = payload_of(c)
        n = c.result
        self.line(c, "GIO", f"fd {number(c.args[0])} "
                  f"{'wrote' if c.name in SEND else 'read'} {n} byte"
                  f"{'' if n == 1 else 's'}", c.exit)
        data = data[:min(self.limit, n)]
        if any(x < 32 and x not in (0, 9, 10, 13) or x > 126 for x in data):
            for i in range(0, len(data), 16):
                part = data[i:i + 16]
                text = "".join(f"{'' if j % 2 else ' '}{x:02x}"
                               for j, x in enumerate(part))
                shown = "".join(chr(x) if 32 <= x < 127 else "."
                                for x in part)
                self.out.append(f"       0x{i:04x}{text:40s}  |{shown}|")
            return
        text, col = '       "', 8
        for x in vis(data, newline=False):
            if col == 0:
                text += "\t"
                col = 8
            if x == "\n":
                text += x
                col = 0
                continue
            width = 8 - col % 8 if x == "\t" else len(x)
            if col + width > 78:
                text += "\\\n\t"
                col = 8
            text += x
            col += width
        self.out.append(text + ("       " if col == 0 else "") + '"')

    def readiness(self, c):
        if c.name in ("poll", "ppoll"):
            names = {"POLLIN": 1, "POLLPRI": 2, "POLLOUT": 4, "POLLERR": 8,
                     "POLLHUP": 16, "POLLNVAL": 32}

            def bits(s):
                n = sum(names.get(x, 0) for x in s.split("|"))
                return f"0x{n:x}<{s}>" if n else "0<>"
            fds = fds_of(c)
            self.line(c, "STRU", "struct pollfd " + (
                f"[{len(fds)}] " if len(fds) > 1 else "") + " ".join(
                f"{{ fd={fd}, events={bits(ev)}, revents={bits(rev)} }}"
                for fd, ev, rev in fds), c.exit)
        if c.name in ("select", "pselect6") and not c.error:
            before, after = sets_of(c)
            for s in before:
                if s is not None:
                    self.line(c, "STRU", "struct fd_set { " + ",".join(s) +
                              " }", c.entry)
            for s, b in zip(after, before):
                if b is not None:
                    self.line(c, "STRU", "struct fd_set { " + ",".join(s) +
                              " }", c.exit)
        for x in c.args:
            t = timeout_of(x)
            if t and c.name in ("ppoll", "select", "pselect6"):
                kind = "timeval" if c.name == "select" else "timespec"
                self.line(c, "STRU", f"struct {kind} {{ {t} }}", c.entry)

    def end(self, c):
        if c.name in ("exit", "exit_group"):
            return
        ok = c.result is not None and c.result >= 0
        if ok and c.name in OUT:
            self.address(c, c.exit)
        if ok and payload_of(c) is not None:
            self.payload(c)
        self.readiness(c)
        name = self.name(c)
        if c.error and c.error.startswith("ERESTART"):
            value = "RESTART"
        elif c.error:
            value = f"-1 errno {self.errno(c.error)} an error"
        elif c.result is None:
            return
        elif c.name == "execve":
            value = "JUSTRETURN"
        else:
            n = 0 if self.tasks.is_thread(c) else c.result
            value = str(n) if 0 <= n <= 9 else f"{n}/0x{n & (1 << 64) - 1:x}"
        self.line(c, "RET", f"{name} {value}", c.exit)

    def exited(self, thread, killed):
        if killed and self.tasks.process.get(thread) == thread:
            self.line(Call(thread, "", None), "PSIG",
                      "SIGKILL SIG_DFL code=SI_USER", None)


RENDERERS = {"truss-freebsd": Truss, "truss-solaris": Solaris,
             "kdump": Kdump}


def render(dialect, data):
    return RENDERERS[dialect](read_trace(data)).render()


# ---------------------------------------------------------------- the law

# What a dialect cannot show of the exchange, and the rest of a thread's
# records that changes by that.
NEVER = {"epoll_ctl", "epoll_wait", "sendmmsg", "recvmmsg", "splice",
         "sendfile", "attach", "release", "execve", "ioctl", "clone3",
         "clone", "fork", "vfork"}
FIELDS = ("result", "error", "asked", "peer", "local", "flags", "value",
          "option", "timeout", "domain", "type", "protocol")
WAITS = {"poll", "ppoll", "select", "pselect6"}


def parse(path):
    p = subprocess.run(["nc-parse", path], stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE, check=False)
    r = subprocess.run(["nc-report", "-f", "jsonl"], input=p.stdout,
                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                       check=False)
    lines = r.stdout.decode("utf-8", "replace").split("\n")
    return p, [json.loads(x) for x in lines if x]


def known_as(dialect, tasks):
    """The threads of strace by the numbers that nc-parse gives them."""
    names = {}
    for t, n in tasks.number.items():
        if n == 1:
            names[tasks.process[t]] = t
        elif dialect == "truss-solaris":
            names[n * 1000000 + tasks.process[t]] = t
        else:
            names[100000 + t] = t
    return names


def threads(records, ids=None):
    """Each thread's calls in their order, sockets named by first use."""
    out = {}
    for r in records:
        if r["record"] == "call" and r["call"] not in NEVER:
            t = ids.get(r["thread"]) if ids else r["thread"]
            out.setdefault(t, []).append(r)
    names = {}
    for i in sorted(out):
        for r in out[i]:
            for key in ("socket", "made"):
                if r.get(key) is not None:
                    count = sum(n.startswith(f"{i}.") for n in names.values())
                    r[key] = names.setdefault(r[key], f"{i}.{count}")
    return out


def same(dialect, want, got):
    """What differs between two records of one call."""
    diff = []
    name = {"send": "sendto", "recv": "recvfrom", "exit": "exit_group",
            "select": "ppoll" if dialect == "truss-solaris" else "select",
            "pselect6": "ppoll" if dialect == "truss-solaris" else
            "pselect6", "poll": "ppoll" if dialect == "truss-solaris" else
            "poll"}
    if name.get(want["call"], want["call"]) != \
            name.get(got["call"], got["call"]):
        return [f"call {got['call']}"]
    for f in FIELDS + ("socket", "made"):
        a, b = want.get(f), got.get(f)
        if f == "error" and a and a.startswith("ERESTART"):
            a = b  # other systems tell EINTR, or print the call again
        if want["call"] in ("setsockopt", "getsockopt", "exit_group",
                            "exit") and f == "value":
            continue
        if f == "result" and a is None and want.get("error"):
            continue
        if f == "asked" and want["call"] in ("recvmsg", "sendmsg", "readv",
                                             "writev"):
            continue
        if f == "flags" and dialect == "truss-solaris" and \
                (a or 0) & ~0xc000 == (b or 0) & ~0xc000:
            continue
        if f == "value" and want["call"] == "recvmsg" and \
                dialect != "truss-freebsd":
            continue
        if f == "peer" and (want["call"] == "connect" and
                            str(a).startswith("unix:")):
            continue
        if a != b:
            diff.append(f"{f} {b!r} instead of {a!r}")
    a, b = want.get("data"), got.get("data")
    if a is not None and b is not None and not a.startswith(b):
        diff.append(f"data {b[:40]!r} instead of {a[:40]!r}")
    if a and not b and (want.get("result") or 0) > 0:
        diff.append("no data")
    if want["call"] in WAITS and dialect != "truss-solaris" and \
            want.get("ready") != got.get("ready"):
        diff.append(f"ready {got.get('ready')} instead of "
                    f"{want.get('ready')}")
    return diff


def law():
    source = os.path.join(DATA, "strace/f_s4096.txt")
    with open(source, "rb") as f:
        data = f.read()
    want = threads(parse(source)[1])
    bad = count = 0
    with tempfile.TemporaryDirectory() as folder:
        for dialect in DIALECTS:
            path = os.path.join(folder, dialect)
            with open(path, "wb") as f:
                f.write(render(dialect, data))
            p, records = parse(path)
            host = next(r for r in records if r["record"] == "host")
            end = [r for r in records if r["record"] == "end"][0]
            if p.returncode or p.stderr or host["dialect"] != dialect or \
                    end["rejected"]:
                print(f"{dialect}: status {p.returncode}, told as "
                      f"{host['dialect']}: {p.stderr.decode()}")
                bad += 1
            ids = known_as(dialect, Tasks(read_trace(data)))
            got = threads(records, ids)
            count += compare(dialect, want, got)
    print(f"{count} calls compared")
    sys.exit(bad)


def compare(dialect, want, got):
    n = 0
    for i in sorted(set(want) | set(got)):
        a, b = want.get(i, []), got.get(i, [])
        if dialect == "truss-freebsd":
            # What became ready is not shown, nor waits of that kind.
            # Nor calls that do not return.
            a = [r for r in a if r["call"] not in WAITS and
                 not (r.get("marks") or 0) & (2 | 4)]
            b = [r for r in b if r["call"] not in WAITS]
        for x, y in zip(a, b):
            n += 1
            for d in same(dialect, x, y):
                print(f"{dialect}: thread {i} line {x['line']} "
                      f"{x['call']}: {d} (line {y['line']})")
            if x["call"][:4] != y["call"][:4]:
                break
        if len(a) != len(b):
            print(f"{dialect}: thread {i}: {len(b)} calls instead of "
                  f"{len(a)}")
    return n


def main():
    if sys.argv[1:2] == ["render"] and sys.argv[2:3][0] in RENDERERS:
        sys.stdout.buffer.write(
            render(sys.argv[2], sys.stdin.buffer.read()))
    elif sys.argv[1:] == ["law"]:
        law()
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
