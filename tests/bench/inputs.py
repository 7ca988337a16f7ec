# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""Makes the traces that the bench measures on; none is stored."""
import os
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
CASES = os.path.join(HERE, "../cases")

# Healthy recordings of two hosts with all that netcheck record asks for.
RECORDINGS = ("redis-pipelining", "nginx-curl-keep-alive",
              "memcached-threads", "python-http-20-threads",
              "asyncio-echo-30-connections", "tls13-nginx-curl")
HOSTS = ("server", "client")
ADDRESSES = {"server": "10.0.1.2", "client": "10.0.2.2"}
SEED = 1


def write_hosts(folder, traces):
    path = os.path.join(folder, "hosts.csv")
    with open(path, "w", encoding="utf-8") as f:
        f.write("host,trace,address,nat\n")
        for host in HOSTS:
            f.write("%s,%s,%s,\n" % (host, traces[host], ADDRESSES[host]))
    return path


class Recorded:
    """Runs of real programs, one after the other; irrelevant percent of the
    lines are calls that have nothing to do with the network."""

    def __init__(self, build, folder, irrelevant):
        os.makedirs(folder, exist_ok=True)
        self.build, self.folder = build, folder
        calls = os.path.join(folder, "calls")
        with open(calls, "wb") as f:
            subprocess.run([os.path.join(build, "bin/nc-parse"), "--calls"],
                           stdout=f, check=True)
        subprocess.run([os.path.join(HERE, "template"), folder,
                        str(irrelevant), calls] +
                       [os.path.join(CASES, c) for c in RECORDINGS],
                       check=True)

    def templates(self, host):
        return [os.path.join(self.folder, "%s.%d" % (host, n))
                for n in range(len(RECORDINGS))]

    def rounds(self, megabytes):
        """How many runs make so much text: each template is as likely."""
        a_run = sum(os.path.getsize(t) for h in HOSTS
                    for t in self.templates(h)) / len(RECORDINGS)
        return max(1, int(megabytes * 1e6 / a_run))

    def command(self, host, megabytes):
        return ([os.path.join(self.build, "bench/repeat"),
                 str(self.rounds(megabytes)), str(SEED)] +
                self.templates(host))

    def write(self, megabytes):
        """(hosts file, traces)."""
        traces = {h: os.path.join(self.folder, h + ".trace") for h in HOSTS}
        for host, path in traces.items():
            with open(path, "wb") as f:
                subprocess.run(self.command(host, megabytes), stdout=f,
                               check=True)
        return write_hosts(self.folder, traces), list(traces.values())


def generated(build, folder, megabytes, options):
    """Traces of tests/bench/generate: (hosts file, traces)."""
    os.makedirs(folder, exist_ok=True)
    subprocess.run([os.path.join(build, "bench/generate"), folder,
                    str(megabytes)] + options, check=True)
    return (os.path.join(folder, "hosts.csv"),
            [os.path.join(folder, h + ".trace") for h in HOSTS])


def case(name):
    """A recording as it is: (hosts file, traces)."""
    folder = os.path.join(CASES, name)
    return (os.path.join(folder, "hosts.csv"),
            [os.path.join(folder, h + ".trace") for h in HOSTS])
