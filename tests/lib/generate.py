#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""Makes strace files of lawful executions: nothing is wrong in them.

generate.py SEED FOLDER [KEY=VALUE...]

Simulates hosts whose programs talk over TCP and UDP, by a virtual clock, and
writes each host's calls as `strace -f' would, with a hosts.csv.  It knows how
Linux and strace behave and nothing about NetCheck, so that a finding about
its output is a false one.  Every KEY of choose() can be fixed.
"""
import heapq
import os
import random
import sys

US = 1
MS = 1000
S = 1000000


class Unlawful(Exception):
    """The simulated programs did what a healthy one would not."""


def quote(data, limit):
    """A string as strace prints it."""
    cut = data[:limit]
    out = []
    names = {9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r",
             34: '\\"', 92: "\\\\"}
    for i, c in enumerate(cut):
        if c in names:
            out.append(names[c])
        elif 32 <= c < 127:
            out.append(chr(c))
        elif i + 1 < len(cut) and 48 <= cut[i + 1] <= 57:
            out.append("\\%03o" % c)
        else:
            out.append("\\%o" % c)
    return '"%s"%s' % ("".join(out), "..." if len(data) > limit else "")


class Socket:
    """An open socket; descriptors refer to it."""

    def __init__(self, host, kind, family, inode):
        self.host, self.kind, self.family = host, kind, family
        self.inode = inode
        self.refs = 1
        self.local = self.peer = None
        self.listening = False
        self.queue = []         # of established connections
        self.nonblock = False
        self.connected = self.connecting = self.refused = False
        self.rx = bytearray()
        self.fin = False        # the peer's end arrived
        self.room = 0           # that the other end still has
        self.other = None       # the peer's socket
        self.last_arrival = 0
        self.wr_shut = False
        self.datagrams = []
        self.annotation = None  # strace keeps the first it finds
        self.closed = False
        self.dual = False       # an IPv6 socket that talks IPv4


class Epoll:
    def __init__(self, inode):
        self.inode = inode
        self.refs = 1
        self.watched = {}       # fd -> (socket, events)


class Process:
    def __init__(self, host, pid):
        self.host, self.pid = host, pid
        self.fds = {}
        self.threads = []
        self.parent = None
        self.children = []      # not yet waited for
        self.dead = False
        host.processes.append(self)


class Thread:
    def __init__(self, process, tid):
        self.process, self.tid = process, tid
        self.host = process.host
        self.body = None
        self.condition = None
        self.dead = False
        self.call = None        # the one it is inside


class Host:
    def __init__(self, name, v4, v6):
        self.name, self.v4, self.v6 = name, v4, v6
        self.events = []        # (time, tid, kind, text...)
        self.next_pid = 0
        self.ports = {}
        self.next_port = 0
        self.traced = True
        self.processes = []
        self.commands = []
        self.skew = 0


class Sim:
    def __init__(self, seed, fixed):
        self.r = random.Random(seed)
        self.seed = seed
        self.choose(fixed)
        self.now = 1795400000 * S
        self.heap = []
        self.count = 0
        self.blocked = []
        self.inode = 100000
        self.hosts = []
        self.latency = {}
        self.running = 0

    def choose(self, fixed):
        r = self.r
        o = {
            "hosts": r.choice([1, 2, 2, 2, 3, 4]),
            "yy": r.random() < .6,
            "times": r.random() < .7,
            "T": r.random() < .7,
            "string": r.choice([100000, 100000, 32, 8]),
            "v6": r.choice(["no", "no", "yes", "mapped"]),
            "addresses": r.random() < .6,
            "server": r.choice(["serial", "threads", "fork", "prefork",
                                "epoll", "poll"]),
            "clients": r.randint(1, 6),
            "requests": r.randint(1, 5),
            "big": r.random() < .25,
            "udp": r.random() < .5,
            "end": r.choice(["close", "server", "shutdown", "exit", "mixed"]),
            "stop": r.choice(["exit", "term", "kill", "detach"]),
            "null_peer": r.random() < .3,
            "same": r.random() < .3,    # all clients send the same
            "untraced": r.choice([0, 0, 0, 0, 1]),
            "late_server": r.random() < .2,
            "loop_latency": r.choice([3, 30]),
            "skew": r.random() < .5,
            "shell": r.random() < .9,   # else strace -p of each process
        }
        for k, v in fixed.items():
            o[k] = type(o[k])(eval(v, {})) if not isinstance(o[k], str) else v
        self.o = o

    # The machine

    def add_host(self, name):
        n = len(self.hosts) + 1
        h = Host(name, "10.0.%d.2" % n, "fd00:%d::2" % n)
        h.next_pid = self.r.choice([7, 310, 4000, 31000])
        h.next_port = self.r.randint(32768, 50000)
        h.skew = self.r.randint(-4000 * S, 4000 * S) if self.o["skew"] else 0
        self.hosts.append(h)
        return h

    def delay_between(self, a, b):
        if a is b:
            return self.r.randint(1, self.o["loop_latency"])
        key = tuple(sorted((a.name, b.name)))
        if key not in self.latency:
            self.latency[key] = self.r.choice([40, 300, 5 * MS, 60 * MS])
        base = self.latency[key]
        return base + self.r.randint(0, base // 4)

    def at(self, delay, what):
        self.count += 1
        heapq.heappush(self.heap, (self.now + max(delay, 1), self.count,
                                   what))

    def arrive(self, sock, delay, what):
        """Segments of one direction keep their order."""
        when = max(self.now + delay, sock.last_arrival)
        sock.last_arrival = when
        self.count += 1
        heapq.heappush(self.heap, (when, self.count, what))

    def step(self, thread):
        while not thread.dead:
            try:
                want = next(thread.body)
            except StopIteration:
                return
            if callable(want):
                if want():
                    continue
                thread.condition = want
                self.blocked.append(thread)
                return
            self.at(want, lambda: self.step(thread))
            return

    def run(self):
        while self.heap:
            when, _, what = heapq.heappop(self.heap)
            self.now = max(self.now + 1, when)
            what()
            again = True
            while again:
                again = False
                for t in list(self.blocked):
                    if t.dead:
                        self.blocked.remove(t)
                    elif t.condition():
                        self.blocked.remove(t)
                        t.condition = None
                        self.now += 1
                        self.step(t)
                        again = True

    def spawn(self, process, body, tid=None):
        h = process.host
        if tid is None:
            tid = h.next_pid
            h.next_pid += 1
        t = Thread(process, tid)
        process.threads.append(t)
        t.body = body(t)
        self.at(self.r.randint(5, 400), lambda: self.step(t))
        return t

    def new_process(self, host, body):
        """A command of the host's shell."""
        if self.o["shell"]:
            p = Process(host, 0)
            host.commands.append((p, body))
            return p
        p = Process(host, host.next_pid)
        host.next_pid += self.r.randint(1, 3)
        self.spawn(p, body, p.pid)
        return p

    # What strace sees

    def pause(self):
        r = self.r
        return int(r.choice([2, 9, 9, 40, 40, 300]) * (.5 + r.random()))

    def enter(self, t, name, args):
        t.call = (name, self.now)
        t.host.events.append([self.now, t.tid, "enter", name, args])
        return self.pause()

    def leave(self, t, tail, result):
        t.call = None
        t.host.events.append([self.now, t.tid, "leave", tail, result])

    def line(self, t, text):
        t.host.events.append([self.now, t.tid, "line", text])

    def fd(self, t, n):
        f = t.process.fds.get(n)
        return "%d%s" % (n, self.annotate(f))

    def annotate(self, f):
        if not self.o["yy"]:
            return ""
        if isinstance(f, Epoll):
            return "<anon_inode:[eventpoll]>"
        name = {"tcp": "TCP", "udp": "UDP"}[f.kind]
        name += "v6" if f.family == 6 else ""
        if not f.annotation:
            if f.local and f.peer and (f.kind == "udp" or f.connected or
                                       f.connecting):
                f.annotation = "%s->%s" % (self.end(f, f.local),
                                           self.end(f, f.peer))
            elif f.local and (f.listening or f.kind == "udp"):
                f.annotation = self.end(f, f.local)
        return "<%s:[%s]>" % (name, f.annotation or f.inode)

    @staticmethod
    def form(f, address):
        return "::ffff:" + address if f.family == 6 and "." in address \
            else address

    def end(self, f, address):
        ip = self.form(f, address[0])
        return ("[%s]:%d" if ":" in ip else "%s:%d") % (ip, address[1])

    def sockaddr(self, f, address):
        ip = self.form(f, address[0])
        if f.family == 6:
            return ('{sa_family=AF_INET6, sin6_port=htons(%d), '
                    'sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "%s", '
                    '&sin6_addr), sin6_scope_id=0}' % (address[1], ip))
        return ('{sa_family=AF_INET, sin_port=htons(%d), '
                'sin_addr=inet_addr("%s")}' % (address[1], ip))

    @staticmethod
    def length(f):
        return 28 if f.family == 6 else 16

    def text(self, data):
        return quote(bytes(data), self.o["string"])

    # System calls: generators that return the result

    def new_fd(self, t, f):
        n = 3
        while n in t.process.fds:
            n += 1
        t.process.fds[n] = f
        return n

    def socket(self, t, kind, family, nonblock=False):
        flags = "|SOCK_NONBLOCK" if nonblock else ""
        yield self.enter(t, "socket", [
            "%s, %s%s, %s" % ("AF_INET6" if family == 6 else "AF_INET",
                              "SOCK_STREAM" if kind == "tcp"
                              else "SOCK_DGRAM", flags,
                              self.r.choice(["IPPROTO_IP", "IPPROTO_TCP"
                                             if kind == "tcp" else
                                             "IPPROTO_UDP"])), ""])
        self.inode += 1
        f = Socket(t.host, kind, family, self.inode)
        f.nonblock = nonblock
        n = self.new_fd(t, f)
        yield self.pause()
        self.leave(t, "", self.fd(t, n))
        return n

    def bind(self, t, n, address):
        f = t.process.fds[n]
        yield self.enter(t, "bind", ["%s, %s, %d" % (
            self.fd(t, n), self.sockaddr(f, address), self.length(f)), ""])
        port = address[1] or self.port(t.host)
        f.local = (address[0], port)
        if f.kind == "udp":
            t.host.ports[("udp", port)] = f
        yield self.pause()
        self.leave(t, "", "0")

    def port(self, host):
        host.next_port += self.r.randint(1, 4)
        return host.next_port

    def simple(self, t, name, args, result="0"):
        yield self.enter(t, name, [args, ""])
        yield self.pause()
        self.leave(t, "", result)

    def option(self, t, n, level, name, value):
        yield from self.simple(t, "setsockopt", "%s, %s, %s, [%d], 4" % (
            self.fd(t, n), level, name, value))

    def listen(self, t, n, backlog):
        f = t.process.fds[n]
        yield self.enter(t, "listen", ["%s, %d" % (self.fd(t, n), backlog),
                                       ""])
        f.listening = True
        t.host.ports[("tcp", f.local[1])] = f
        yield self.pause()
        self.leave(t, "", "0")

    def my_address(self, host, target):
        if target[0] in ("127.0.0.1", "::1"):
            return target[0]
        return host.v6 if ":" in target[0] else host.v4

    def host_of(self, host, target):
        if target[0] in ("127.0.0.1", "::1"):
            return host
        for h in self.hosts:
            if target[0] in (h.v4, h.v6):
                return h
        raise Unlawful("no host " + target[0])

    def connect(self, t, n, target):
        f = t.process.fds[n]
        yield self.enter(t, "connect", ["%s, %s, %d" % (
            self.fd(t, n), self.sockaddr(f, target), self.length(f)), ""])
        to = self.host_of(t.host, target)
        if f.kind == "udp":
            f.peer = target
            if not f.local:
                f.local = (self.my_address(t.host, target),
                           self.port(t.host))
                t.host.ports[("udp", f.local[1])] = f
            yield self.pause()
            self.leave(t, "", "0")
            return 0
        f.local = (self.my_address(t.host, target), self.port(t.host))
        f.peer = target
        f.connecting = True

        def established():
            f.connecting, f.connected = False, True

        def refused():
            f.connecting, f.refused = False, True

        def queued(s):
            s.listener.queue.append(s)

        def syn():
            listener = to.ports.get(("tcp", target[1]))
            if not listener or listener.closed:
                self.at(self.delay_between(to, t.host), refused)
                return
            self.inode += 1
            s = Socket(to, "tcp", listener.family, self.inode)
            s.local, s.peer = target, f.local
            s.connected = True
            s.listener = listener
            s.other, f.other = f, s
            s.room = f.room = self.r.choice([3000, 40000, 300000])
            back = self.delay_between(to, t.host)
            self.at(back, established)
            self.arrive(s, back + self.delay_between(t.host, to),
                        lambda: queued(s))

        self.at(self.delay_between(t.host, to), syn)
        if f.nonblock:
            yield self.pause()
            if f.connecting:
                self.leave(t, "",
                           "-1 EINPROGRESS (Operation now in progress)")
                return -1
        else:
            yield lambda: not f.connecting
            yield self.pause()
        if f.refused:
            self.leave(t, "", "-1 ECONNREFUSED (Connection refused)")
            return -2
        self.leave(t, "", "0")
        return 0

    def accept(self, t, n):
        f = t.process.fds[n]
        four = self.r.random() < .5
        nonblock = four and f.nonblock
        yield self.enter(t, "accept4" if four else "accept",
                         ["%s, " % self.fd(t, n), None])
        if not f.nonblock:
            yield lambda: f.queue
        tail = ", SOCK_NONBLOCK" if nonblock else ", 0" if four else ""
        if not f.queue:
            yield self.pause()
            self.leave(t, "0x7ffd17a00ab0, [128]" + tail,
                       "-1 EAGAIN (Resource temporarily unavailable)")
            return -1
        s = f.queue.pop(0)
        s.nonblock = nonblock
        m = self.new_fd(t, s)
        yield self.pause()
        if self.o["null_peer"]:
            args = "NULL, NULL"
        else:
            args = "%s, [128 => %d]" % (self.sockaddr(s, s.peer),
                                        self.length(s))
        self.leave(t, args + tail, self.fd(t, m))
        return m

    def send(self, t, n, data, to=None):
        f = t.process.fds[n]
        r = self.r
        d = self.text(data)
        half = len(data) // 2
        how = r.choice(["sendto", "sendmsg"] if to else
                       ["sendto", "write", "writev", "sendmsg"])
        name = "NULL, msg_namelen=0" if not to else "%s, msg_namelen=%d" % (
            self.sockaddr(f, to), self.length(f))
        at = "NULL, 0" if not to else "%s, %d" % (self.sockaddr(f, to),
                                                  self.length(f))
        flags = r.choice(["0", "MSG_NOSIGNAL"])
        args = {
            "sendto": "%s, %s, %d, %s, %s" % (self.fd(t, n), d, len(data),
                                              flags, at),
            "write": "%s, %s, %d" % (self.fd(t, n), d, len(data)),
            "writev": "%s, [{iov_base=%s, iov_len=%d}, {iov_base=%s, "
                      "iov_len=%d}], 2" % (
                          self.fd(t, n), self.text(data[:half]), half,
                          self.text(data[half:]), len(data) - half),
            "sendmsg": "%s, {msg_name=%s, msg_iov=[{iov_base=%s, iov_len=%d}]"
                       ", msg_iovlen=1, msg_controllen=0, msg_flags=0}, %s"
                       % (self.fd(t, n), name, d, len(data), flags),
        }[how]
        yield self.enter(t, how, [args, ""])
        if f.kind == "udp":
            self.send_datagram(t, f, bytes(data), to or f.peer)
            yield self.pause()
            self.leave(t, "", str(len(data)))
            return len(data)
        if f.wr_shut or f.other.closed:
            raise Unlawful("sent to a closed end")
        done = 0
        while done < len(data):
            if f.room == 0:
                if f.nonblock:
                    break
                yield lambda: f.room > 0
                yield self.pause()
            part = bytes(data[done:done + f.room])
            f.room -= len(part)
            done += len(part)
            self.deliver(f, part)
        yield self.pause()
        if done == 0 and len(data):
            self.leave(t, "", "-1 EAGAIN (Resource temporarily unavailable)")
            return -1
        self.leave(t, "", str(done))
        return done

    def deliver(self, f, part):
        other = f.other
        self.arrive(other, self.delay_between(f.host, other.host),
                    lambda: other.rx.extend(part))

    def send_datagram(self, t, f, data, target):
        if not f.local:
            f.local = ("::" if f.family == 6 else "0.0.0.0",
                       self.port(t.host))
            t.host.ports[("udp", f.local[1])] = f
        h = self.host_of(t.host, target)
        source = (self.my_address(t.host, target), f.local[1])

        def there():
            s = h.ports.get(("udp", target[1]))
            if not s or s.closed:
                raise Unlawful("datagram to nobody")
            s.datagrams.append((data, source))

        self.at(self.delay_between(t.host, h), there)

    def recv(self, t, n, size, source=False):
        """Bytes, or None for EAGAIN."""
        f = t.process.fds[n]
        how = self.r.choice(["recvfrom", "recvmsg"] if source else
                            ["recvfrom", "read", "readv", "recvmsg"])
        yield self.enter(t, how, ["%s, " % self.fd(t, n), None])
        udp = f.kind == "udp"

        def ready():
            return f.datagrams if udp else f.rx or f.fin

        if not f.nonblock:
            yield ready
        got, peer = None, None
        if ready():
            if udp:
                got, peer = f.datagrams.pop(0)
                if len(got) > size:
                    raise Unlawful("truncated")
            else:
                got = bytes(f.rx[:size])
                del f.rx[:size]
                if f.other:
                    f.other.room += len(got)
        yield self.pause()
        if got is None:
            tail = {"recvfrom": "0x55d0c0ffee00, %d, 0, NULL, NULL" % size,
                    "read": "0x55d0c0ffee00, %d" % size,
                    "readv": "[{iov_base=0x55d0c0ffee00, iov_len=%d}], 1"
                             % size,
                    "recvmsg": "{msg_namelen=0}, 0"}[how]
            if how == "recvmsg":
                tail = "0x7ffd17a00b00, 0"
            self.leave(t, tail,
                       "-1 EAGAIN (Resource temporarily unavailable)")
            return None, None
        d = self.text(got)
        half = size // 2
        at = "NULL, NULL"
        name = "NULL, msg_namelen=0"
        if source:
            at = "%s, [128 => %d]" % (self.sockaddr(f, peer), self.length(f))
            name = "%s, msg_namelen=128 => %d" % (self.sockaddr(f, peer),
                                                  self.length(f))
        tail = {
            "recvfrom": "%s, %d, 0, %s" % (d, size, at),
            "read": "%s, %d" % (d, size),
            "readv": "[{iov_base=%s, iov_len=%d}, {iov_base=%s, iov_len=%d}]"
                     ", 2" % (self.text(got[:half]), half,
                              self.text(got[half:]), size - half),
            "recvmsg": "{msg_name=%s, msg_iov=[{iov_base=%s, iov_len=%d}], "
                       "msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0"
                       % (name, d, size),
        }[how]
        self.leave(t, tail, str(len(got)))
        return got, peer

    def state(self, f):
        """POLL bits that are up."""
        if f.kind == "udp":
            return (1 if f.datagrams else 0) | 4
        if f.listening:
            return 1 if f.queue else 0
        if f.refused:
            return 4 | 8 | 16
        if not f.connected:
            return 0
        return (1 if f.rx or f.fin else 0) | \
            (4 if f.room > 0 and not f.wr_shut else 0)

    @staticmethod
    def events(bits, prefix):
        return "|".join(prefix + n for b, n in ((1, "IN"), (4, "OUT"),
                                                (8, "ERR"), (16, "HUP"))
                        if bits & b)

    def poll(self, t, watched):
        """watched: [(fd, bits)]; waits without end; returns {fd: bits}."""
        files = [(n, bits, t.process.fds[n]) for n, bits in watched]
        yield self.enter(t, "poll", ["[%s], %d, -1" % (
            ", ".join("{fd=%s, events=%s}" % (self.fd(t, n),
                                              self.events(bits, "POLL"))
                      for n, bits, f in files), len(files)), ""])
        yield lambda: any(self.state(f) & bits for n, bits, f in files)
        up = {n: self.state(f) & (bits | 24) for n, bits, f in files
              if self.state(f) & bits}
        yield self.pause()
        self.leave(t, "", "%d ([%s])" % (len(up), ", ".join(
            "{fd=%s, revents=%s}" % (self.fd(t, n), self.events(b, "POLL"))
            for n, b in up.items())))
        return up

    def epoll_create(self, t):
        yield self.enter(t, "epoll_create1", ["EPOLL_CLOEXEC", ""])
        self.inode += 1
        n = self.new_fd(t, Epoll(self.inode))
        yield self.pause()
        self.leave(t, "", self.fd(t, n))
        return n

    def epoll_add(self, t, ep, n, bits):
        yield self.enter(t, "epoll_ctl", [
            "%s, EPOLL_CTL_ADD, %s, {events=%s, data={u32=%d, u64=%d}}" % (
                self.fd(t, ep), self.fd(t, n), self.events(bits, "EPOLL"),
                n, n), ""])
        t.process.fds[ep].watched[n] = (t.process.fds[n], bits)
        yield self.pause()
        self.leave(t, "", "0")

    def epoll_wait(self, t, ep):
        w = t.process.fds[ep].watched
        yield self.enter(t, "epoll_wait", ["%s, " % self.fd(t, ep), None])
        yield lambda: any(self.state(f) & b for f, b in w.values())
        up = {n: self.state(f) & b for n, (f, b) in w.items()
              if self.state(f) & b}
        yield self.pause()
        self.leave(t, "[%s], 64, -1" % ", ".join(
            "{events=%s, data={u32=%d, u64=%d}}" % (
                self.events(b, "EPOLL"), n, n) for n, b in up.items()),
            str(len(up)))
        return up

    def drop(self, t, f):
        f.refs -= 1
        if f.refs:
            return
        f.closed = True
        if isinstance(f, Epoll):
            return
        if f.kind == "tcp" and (f.rx or f.queue):
            raise Unlawful("closed with bytes or connections unread")
        for e in t.process.fds.values():
            if isinstance(e, Epoll):
                e.watched = {n: w for n, w in e.watched.items()
                             if w[0] is not f}
        self.finish(f)

    def finish(self, f):
        other = f.other
        if f.kind != "tcp" or not other or f.wr_shut:
            return
        f.wr_shut = True

        def fin():
            other.fin = True

        self.arrive(other, self.delay_between(f.host, other.host), fin)

    def close(self, t, n):
        f = t.process.fds[n]
        yield self.enter(t, "close", [self.fd(t, n), ""])
        del t.process.fds[n]
        self.drop(t, f)
        yield self.pause()
        self.leave(t, "", "0")

    def shutdown(self, t, n):
        yield self.enter(t, "shutdown", ["%s, SHUT_WR" % self.fd(t, n), ""])
        self.finish(t.process.fds[n])
        yield self.pause()
        self.leave(t, "", "0")

    def thread(self, t, body):
        """Starts another thread of the process."""
        yield self.enter(t, "clone3", [
            "{flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD|"
            "CLONE_SYSVSEM|CLONE_SETTLS|CLONE_PARENT_SETTID|"
            "CLONE_CHILD_CLEARTID, child_tid=0x7f1fb5fff990, "
            "parent_tid=0x7f1fb5fff990, exit_signal=0, "
            "stack=0x7f1fb57ff000, stack_size=0x7fff80, "
            "tls=0x7f1fb5fff6c0}", None])
        new = self.spawn(t.process, body)
        yield self.pause()
        self.leave(t, " => {parent_tid=[%d]}, 88" % new.tid, str(new.tid))
        return new

    def shell(self, commands):
        def command(body):
            def whole(t):
                yield from self.simple(
                    t, "execve", '"/usr/bin/program", ["program"], '
                    "0x7ffc1f0a8d50 /* 3 vars */")
                yield from body(t)
            return whole

        def main(t):
            for p, body in commands:
                yield from self.fork(t, command(body), p)
            for p, body in commands:
                yield from self.wait_child(t)
            yield from self.exit_group(t)
        return main

    def fork(self, t, body, p=None):
        yield self.enter(t, "clone", [
            "child_stack=NULL, flags=CLONE_CHILD_CLEARTID|"
            "CLONE_CHILD_SETTID|SIGCHLD", None])
        p = p or Process(t.host, 0)
        p.pid = t.host.next_pid
        t.host.next_pid += 1
        p.parent = t.process
        p.fds = dict(t.process.fds)
        for f in p.fds.values():
            f.refs += 1
        self.spawn(p, body, p.pid)
        yield self.pause()
        self.leave(t, ", child_tidptr=0x7f1fb6a17a10", str(p.pid))
        return p

    def wait_child(self, t):
        yield self.enter(t, "wait4", ["-1, ", None])
        yield lambda: t.process.children
        p = t.process.children.pop(0)
        yield self.pause()
        self.leave(t, "[{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL",
                   str(p.pid))

    def exit_thread(self, t):
        yield self.enter(t, "exit", ["0", ""])
        yield self.pause()
        self.leave(t, "", "?")
        yield self.pause()
        self.line(t, "+++ exited with 0 +++")
        t.dead = True
        t.process.threads.remove(t)

    def exit_group(self, t):
        yield self.enter(t, "exit_group", ["0", ""])
        p = t.process
        others = [o for o in p.threads if o is not t]
        for o in others:
            if o.call:
                self.leave(o, " <unfinished ...>", "?")
            o.dead = True
        yield self.pause()
        self.leave(t, "", "?")
        for f in list(p.fds.values()):
            self.drop(t, f)
        p.fds = {}
        yield self.pause()
        for o in others + [t]:
            self.line(o, "+++ exited with 0 +++")
            self.now += 1
        t.dead = True
        p.dead = True
        if p.parent:
            p.parent.children.append(p)

    def kill(self, p, signal):
        """From outside, to a process that only waits."""
        if p.dead:
            return
        for t in list(p.threads):
            if t.call and signal == "TERM":
                name = t.call[0]
                tail = {"accept": "0x7ffd17a00ab0, [128]",
                        "accept4": "0x7ffd17a00ab0, [128], 0",
                        "recvfrom": "0x55d0c0ffee00, 2000, 0, "
                                    "0x7ffd17a00ab0, [128]",
                        "recvmsg": "{msg_namelen=128}, 0",
                        "epoll_wait": "0x55d0c0ffee00, 64, -1",
                        "wait4": "0x7ffd17a00ab4, 0, NULL"}.get(name, "")
                self.leave(t, tail, "? ERESTARTSYS (To be restarted if "
                                    "SA_RESTART is set)")
            elif t.call:
                self.leave(t, " <unfinished ...>", "?")
            self.now += 1
        if signal == "TERM":
            self.line(p.threads[0], "--- SIGTERM {si_signo=SIGTERM, "
                      "si_code=SI_USER, si_pid=1, si_uid=0} ---")
        for t in list(p.threads):
            self.line(t, "+++ killed by SIG%s +++" % signal)
            t.dead = True
        for f in list(p.fds.values()):
            self.drop(p.threads[0], f)
        p.fds = {}
        p.dead = True
        if p.parent:
            p.parent.children.append(p)

    # The programs

    def message(self, size):
        if self.o["same"]:
            return bytes(65 + i % 26 for i in range(size))
        return bytes(self.r.choices(
            b"abcdefghijklmnopqrstuvwxyz0123456789\n\"\\\0\377", k=size))

    def size(self):
        r = self.r
        if self.o["big"] and r.random() < .3:
            top = 9000 if self.o["string"] > 100 else 900000
            return r.randint(1000, top)
        return r.choice([1, 5, 16, 64, r.randint(1, 300), 1400])

    def send_all(self, t, n, data):
        if len(data) > 16 and self.r.random() < .2:
            cut = self.r.randint(1, len(data) - 1)
            yield from self.send_all(t, n, data[:cut])
            data = data[cut:]
        while data:
            done = yield from self.send(t, n, data)
            if done < 0:
                yield from self.poll(t, [(n, 4)])
            else:
                data = data[done:]

    def recv_exactly(self, t, n, size, wide=True):
        out = b""
        while len(out) < size:
            if self.r.random() < .1:
                yield from self.poll(t, [(n, 1)])
            want = size - len(out)
            if self.r.random() < .3:
                want = self.r.choice([(want + 1) // 2,
                                      8192 if wide else want])
            got, _ = yield from self.recv(t, n, want)
            if got is None:
                yield from self.poll(t, [(n, 1)])
            elif not got:
                raise Unlawful("end in a message")
            else:
                out += got
        if len(out) != size:
            raise Unlawful("more than asked")
        return out

    def recv_end(self, t, n):
        while True:
            got, _ = yield from self.recv(t, n, 4096)
            if got is None:
                yield from self.poll(t, [(n, 1)])
            elif got:
                raise Unlawful("data at the end")
            else:
                return

    def request(self, last):
        """(request, size of its reply); "!" says that the server closes."""
        body, reply = self.size(), self.size()
        head = b"%c%07d%07d\n" % (b"!" if last else b"?", body, reply)
        return head + self.message(body), reply

    def client(self, target, family):
        def body(t):
            r = self.r
            ends = self.o["end"]
            if ends == "mixed":
                ends = r.choice(["close", "server", "shutdown", "exit"])
            nonblock = r.random() < .3
            yield r.randint(10, 5000) + (0 if self.o["late_server"]
                                         else 30 * MS)
            while True:
                n = yield from self.socket(t, "tcp", family, nonblock)
                if r.random() < .3:
                    yield from self.option(t, n, "SOL_TCP", "TCP_NODELAY", 1)
                res = yield from self.connect(t, n, target)
                if res == -1:
                    f = t.process.fds[n]
                    # A connection that failed is writable, too.
                    yield from self.poll(t, [(n, 4)])
                    yield from self.simple(
                        t, "getsockopt", "%s, SOL_SOCKET, SO_ERROR, [%s], [4]"
                        % (self.fd(t, n), "ECONNREFUSED" if f.refused
                           else "0"))
                    res = 0 if f.connected else -2
                if res == 0:
                    break
                yield from self.close(t, n)
                yield 200 * MS
            if r.random() < .3:
                f = t.process.fds[n]
                yield self.enter(t, "getsockname", ["%s, " % self.fd(t, n),
                                                    None])
                yield self.pause()
                self.leave(t, "%s, [128 => %d]" % (
                    self.sockaddr(f, f.local), self.length(f)), "0")
            for i in range(self.o["requests"]):
                last = i == self.o["requests"] - 1
                data, size = self.request(last and ends == "server")
                yield from self.send_all(t, n, data)
                yield from self.recv_exactly(t, n, size)
                yield r.choice([1, 100, 20 * MS])
            if ends == "server":
                yield from self.recv_end(t, n)
            elif ends == "shutdown":
                yield from self.shutdown(t, n)
                yield from self.recv_end(t, n)
            if ends != "exit":
                yield from self.close(t, n)
            self.running -= 1
        return body

    def serve(self, t, n):
        """A connection to its end."""
        while True:
            first, _ = yield from self.recv(t, n, 16)
            if first is None:
                yield from self.poll(t, [(n, 1)])
                continue
            if not first:
                break
            if len(first) < 16:
                first += yield from self.recv_exactly(t, n, 16 - len(first), False)
            yield from self.recv_exactly(t, n, int(first[1:8]))
            yield self.r.choice([1, 100, 3 * MS])
            yield from self.send_all(t, n, self.message(int(first[8:15])))
            if first[:1] == b"!":
                break
        yield from self.close(t, n)

    def tcp_server(self, port, family, total):
        kind = self.o["server"]
        loop = kind in ("epoll", "poll")

        def worker(n):
            def body(t):
                yield from self.serve(t, n)
                yield from self.exit_thread(t)
            return body

        def child(listener, n):
            def body(t):
                yield from self.close(t, listener)
                yield from self.serve(t, n)
                yield from self.exit_group(t)
            return body

        def forked(listener):
            def body(t):
                while True:
                    n = yield from self.accept(t, listener)
                    yield from self.serve(t, n)
            return body

        def event_loop(t, listener):
            ep = None
            if kind == "epoll":
                ep = yield from self.epoll_create(t)
                yield from self.epoll_add(t, ep, listener, 1)
            conns = {}
            done = 0
            while done < total:
                if ep is not None:
                    up = yield from self.epoll_wait(t, ep)
                else:
                    up = yield from self.poll(
                        t, [(n, 1) for n in [listener] + list(conns)])
                for n in up:
                    if n == listener:
                        m = yield from self.accept(t, listener)
                        if m < 0:
                            continue
                        if not t.process.fds[m].nonblock:
                            yield from self.simple(
                                t, "fcntl", "%s, F_SETFL, O_RDWR|O_NONBLOCK"
                                % self.fd(t, m))
                            t.process.fds[m].nonblock = True
                        conns[m] = b""
                        if ep is not None:
                            yield from self.epoll_add(t, ep, m, 1)
                    else:
                        got, _ = yield from self.recv(t, n, 16)
                        if got is None:
                            continue
                        conns[n] += got
                        if not got:
                            yield from self.close(t, n)
                            del conns[n]
                            done += 1
                            continue
                        first = conns[n]
                        if len(first) < 16:
                            first += yield from self.recv_exactly(
                                t, n, 16 - len(first), False)
                        conns[n] = b""
                        yield from self.recv_exactly(t, n, int(first[1:8]))
                        yield from self.send_all(
                            t, n, self.message(int(first[8:15])))
                        if first[:1] == b"!":
                            yield from self.close(t, n)
                            del conns[n]
                            done += 1

        def body(t):
            if self.o["late_server"]:
                yield 70 * MS
            n = yield from self.socket(t, "tcp", family, loop)
            yield from self.option(t, n, "SOL_SOCKET", "SO_REUSEADDR", 1)
            any_ = "::" if family == 6 else "0.0.0.0"
            yield from self.bind(t, n, (any_, port))
            yield from self.listen(t, n, 128)
            if kind == "prefork":
                for _ in range(3):
                    yield from self.fork(t, forked(n))
                while True:
                    yield from self.wait_child(t)
            if loop:
                yield from event_loop(t, n)
            else:
                for _ in range(total):
                    m = yield from self.accept(t, n)
                    if kind == "threads":
                        yield from self.thread(t, worker(m))
                    elif kind == "fork":
                        yield from self.fork(t, child(n, m))
                        yield from self.close(t, m)
                    else:
                        yield from self.serve(t, m)
                if kind == "threads":
                    yield lambda: len(t.process.threads) == 1
                elif kind == "fork":
                    for _ in range(total):
                        yield from self.wait_child(t)
            if self.o["stop"] == "exit":
                yield from self.exit_group(t)
            elif self.r.random() < .5:
                yield from self.accept(t, n) if not loop else \
                    self.poll(t, [(n, 1)])
        return body

    def udp_server(self, port, family):
        def body(t):
            n = yield from self.socket(t, "udp", family)
            any_ = "::" if family == 6 else "0.0.0.0"
            yield from self.bind(t, n, (any_, port))
            while True:
                got, peer = yield from self.recv(t, n, 2000, True)
                if self.r.random() < .3:
                    yield self.r.choice([10, 2 * MS])
                back = got if self.r.random() < .5 else \
                    got[:8] + self.message(len(got) % 900)
                yield from self.send(t, n, back, peer)
        return body

    def udp_client(self, target, family):
        def body(t):
            r = self.r
            yield 300 * MS          # the server is bound by then
            n = yield from self.socket(t, "udp", family)
            connected = r.random() < .5
            if connected:
                yield from self.connect(t, n, target)
            for _ in range(r.randint(1, 8)):
                data = self.message(r.choice([0, 1, 8, 64, r.randint(1, 900)])
                                    or 1)
                yield from self.send(t, n, data,
                                     None if connected else target)
                if r.random() < .4:
                    yield from self.poll(t, [(n, 1)])
                yield from self.recv(t, n, 2000, not connected)
            yield from self.close(t, n)
            self.running -= 1
        return body

    def one_client(self, body):
        def whole(t):
            yield from body(t)
            yield from self.exit_group(t)
        return whole

    def many_clients(self, bodies):
        """A process with a thread for each."""
        def ended(body):
            def whole(t):
                yield from body(t)
                yield from self.exit_thread(t)
            return whole

        def main(t):
            for b in bodies:
                yield from self.thread(t, ended(b))
            yield lambda: len(t.process.threads) == 1
            yield from self.exit_group(t)
        return main

    def scenario(self):
        r, o = self.r, self.o
        for i in range(o["hosts"]):
            self.add_host(["server", "client", "other", "fourth"][i])
        server = self.hosts[0]
        begin = self.now
        v6 = o["v6"]
        family = 4 if v6 == "no" else 6
        client_family = 4 if v6 != "yes" else 6
        clients = []
        for i in range(o["clients"]):
            h = r.choice(self.hosts[1:] or [server])
            if r.random() < .1:
                h = server
            clients.append(h)
        daemons = [self.new_process(server, self.tcp_server(
            8080, family, len(clients)))]
        if o["udp"]:
            daemons.append(self.new_process(server, self.udp_server(
                5300, family)))

        def target(h, port):
            if h is server and r.random() < .5:
                return ("::1" if client_family == 6 else "127.0.0.1", port)
            return (server.v6 if client_family == 6 else server.v4, port)

        threads = []
        for h in clients:
            b = self.client(target(h, 8080), client_family)
            self.running += 1
            if o["end"] != "exit" and o["end"] != "mixed" and \
                    r.random() < .3:
                threads.append((h, b))
            else:
                self.new_process(h, self.one_client(b))
            if o["udp"] and r.random() < .7:
                self.running += 1
                self.new_process(h, self.one_client(self.udp_client(
                    target(h, 5300), client_family)))
        for h in self.hosts:
            mine = [b for k, b in threads if k is h]
            if mine:
                self.new_process(h, self.many_clients(mine))

        for h in self.hosts:
            if h.commands:
                h.shell = Process(h, h.next_pid)
                h.next_pid += 1
                self.spawn(h.shell, self.shell(h.commands), h.shell.pid)

        def wait():
            if self.now > begin + 600 * S:
                raise Unlawful("it does not end")
            # The last ends are on their way to the servers.
            self.at(2 * S, wait if self.running else stop)

        def stop():
            if o["stop"] == "detach":
                for p in daemons:
                    self.detach(p)
                if server.commands:
                    self.detach(server.shell)
                return
            for p in daemons:
                for q in self.family(p):
                    self.kill(q, "KILL" if o["stop"] == "kill" else "TERM")
                    self.now += 20

        self.at(1 * S, wait)
        self.run()
        if self.running:
            raise Unlawful("%d clients never ended" % self.running)
        if o["untraced"] and len(self.hosts) > 1:
            busy = [h for h in self.hosts if h.events]
            if len(busy) > 1:
                r.choice(busy).traced = False
        o["traced"] = all(h.traced for h in self.hosts)

    def family(self, p):
        return [q for q in p.host.processes if q.parent is p] + [p]

    def detach(self, p):
        for q in self.family(p):
            for t in q.threads:
                if t.call and not t.dead:
                    t.host.events.append([self.now, t.tid, "detach"])
                    self.now += 1
                t.dead = True

    # Writing

    def lines(self, host):
        o = self.o
        ev = host.events
        inside = {}             # tid -> index of the enter event
        out = []
        for i, e in enumerate(ev):
            when, tid = e[0], e[1]
            stamp = when + host.skew
            prefix = "%-5d " % tid
            if o["times"]:
                prefix += "%d.%06d " % (stamp // S, stamp % S)
            if e[2] == "line":
                out.append(prefix + e[3])
                continue
            if e[2] == "enter":
                inside[tid] = e
                args = e[4]
                nxt = ev[i + 1] if i + 1 < len(ev) else None
                if nxt and nxt[1] == tid and nxt[2] in ("leave", "detach"):
                    e.append(prefix)
                    continue        # written whole, at its end
                out.append("%s%s(%s <unfinished ...>" % (prefix, e[3],
                                                         args[0]))
                continue
            start = inside.pop(tid)
            name, args = start[3], start[4]
            whole = len(start) > 5
            if e[2] == "detach":
                if whole:
                    out.append("%s%s(%s <detached ...>" % (start[5], name,
                                                           args[0]))
                continue
            tail, result = e[3], e[4]
            if tail == " <unfinished ...>" and args[1] is not None:
                tail = ""
            if whole:
                text = start[5] + name + "(" + args[0] + tail + ")"
            else:
                text = "%s<... %s resumed>%s)" % (prefix, name, tail)
            text = (text + " ").ljust(40) + "= " + result
            if o["T"] and not result == "?":
                text += " <%d.%06d>" % divmod(when - start[0], S)
            out.append(text)
        return out

    def write(self, folder):
        os.makedirs(folder, exist_ok=True)
        rows = []
        for h in self.hosts:
            name = h.name + ".trace"
            text = self.lines(h)
            if not text or not h.traced:
                continue
            with open(os.path.join(folder, name), "w",
                      encoding="latin-1") as f:
                f.write("\n".join(text) + "\n")
            rows.append("%s,%s,%s," % (
                h.name, name,
                "%s %s" % (h.v4, h.v6) if self.o["addresses"] else ""))
        self.r.shuffle(rows)
        with open(os.path.join(folder, "hosts.csv"), "w",
                  encoding="ascii") as f:
            f.write("\n".join(["host,trace,address,nat"] + rows) + "\n")


def generate(seed, folder, fixed=None):
    """Writes the execution of that seed; returns its choices."""
    sim = Sim(seed, fixed or {})
    sim.scenario()
    sim.write(folder)
    return sim.o


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    print(generate(int(sys.argv[1]), sys.argv[2],
                   dict(a.split("=", 1) for a in sys.argv[3:])))


if __name__ == "__main__":
    main()
