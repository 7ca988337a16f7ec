# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""Runs commands and tells what they took."""
import os
import statistics
import subprocess


class Timing:
    """Some runs of one command, as process: wall and processor time in s,
    peak memory in MB."""

    measure = ""  # path of tests/bench/measure, as built

    def __init__(self, command, times=3, out="/dev/null"):
        self.walls, self.cpus, self.peak = [], [], 0
        for _ in range(times):
            with open(out, "wb") as f:
                p = subprocess.run([Timing.measure] + command, stdout=f,
                                   check=True, stderr=subprocess.PIPE)
            status, wall, cpu, peak = p.stderr.split(b"\n")[-2].split()
            # A command that failed has nothing to be timed.
            if int(status) not in (0, 1):
                raise SystemExit("bench: %s: status %d: %s" % (
                    command[0], int(status), p.stderr.decode()))
            self.status = int(status)
            self.walls.append(float(wall))
            self.cpus.append(float(cpu))
            self.peak = max(self.peak, int(peak) / 1024)

    @property
    def median(self):
        return statistics.median(self.walls)

    @property
    def cpu(self):
        return statistics.median(self.cpus)


class Input:
    """Traces to be measured on, and what reading them costs at least."""

    def __init__(self, title, hosts, traces):
        self.title, self.hosts, self.traces = title, hosts, traces
        self.megabytes = sum(os.path.getsize(t) for t in traces) / 1e6
        self.calls = 0
        self.wc = Timing(["wc", "-l"] + traces, 5)
        # grep stops at its first match if it writes to the null device.
        out = Timing.measure + ".grep"
        self.grep = Timing(["grep", "-c", "recvfrom"] + traces, 3, out)
        os.unlink(out)
