# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""The bench's table: printed, kept as CSV, compared with an older one."""
import csv

COLUMNS = ("input", "stage", "seconds", "least", "most", "cpu_seconds",
           "mb_per_s", "calls_per_s", "peak_mb", "times_wc", "times_grep",
           "cpu_times_wc")

# Of two tables' multiples of wc -l: what is told as slower, or faster.
CHANGE = 1.1
# What takes less than this is not compared: it is start-up, s.
SHORT = 0.05
# Inputs that tell how fast wc -l is, MB.
LARGE = 50


class Table:
    def __init__(self):
        self.rows = []

    def head(self, data):
        print("%s: %.0f MB, %d calls; wc -l %.3f s, grep -c %.3f s" % (
            data.title, data.megabytes, data.calls, data.wc.median,
            data.grep.median))
        print("%-14s%9s%8s%8s%8s%11s%9s%9s%9s" % (
            "stage", "s", "spread", "CPU s", "MB/s", "calls/s", "peak MB",
            "x wc -l", "x grep"), flush=True)

    def keep(self, data, stage, timing):
        """A row that is not printed."""
        s = timing.median
        row = dict(zip(COLUMNS, (
            data.title, stage, s, min(timing.walls), max(timing.walls),
            timing.cpu, data.megabytes / s, data.calls / s, timing.peak,
            s / data.wc.median, s / data.grep.median,
            timing.cpu / data.wc.cpu)))
        self.rows.append(row)
        return row

    def add(self, data, stage, timing):
        """A row, printed at once."""
        row, s = self.keep(data, stage, timing), timing.median
        print("%-14s%9.3f%7.0f%%%8.2f%8.0f%11.0f%9.1f%9.1f%9.1f" % (
            stage, s, 100 * (row["most"] - row["least"]) / s, timing.cpu,
            row["mb_per_s"], row["calls_per_s"], row["peak_mb"],
            row["times_wc"], row["times_grep"]), flush=True)

    def write(self, path):
        with open(path, "w", encoding="utf-8", newline="") as f:
            out = csv.DictWriter(f, COLUMNS, lineterminator="\n")
            out.writeheader()
            for row in self.rows:
                out.writerow({k: "%.4g" % v if isinstance(v, float) else v
                              for k, v in row.items()})


def read(path):
    with open(path, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def pace(rows):
    """Processor time of wc -l in s a MB: how fast the machine was then."""
    inputs = {}
    for r in rows:
        megabytes = float(r["mb_per_s"]) * float(r["seconds"])
        if megabytes >= LARGE:
            inputs[r["input"]] = (
                float(r["cpu_seconds"]) / float(r["cpu_times_wc"]), megabytes)
    return (sum(wc for wc, _ in inputs.values()) /
            sum(mb for _, mb in inputs.values()))


def compare(old, new):
    """Lines on what changed between two tables by more than a tenth.

    Machines differ, and one machine's days: what counts is the processor
    time as a multiple of what wc -l took for as many bytes in each table's
    own run.
    """
    before = {(r["input"], r["stage"]): r for r in old}
    then, now = pace(old), pace(new)
    lines = []
    for row in new:
        was = before.get((row["input"], row["stage"]))
        if was is None or float(row["seconds"]) < SHORT:
            continue
        megabytes = float(row["mb_per_s"]) * float(row["seconds"])
        a = float(was["cpu_seconds"]) / then / megabytes
        b = float(row["cpu_seconds"]) / now / megabytes
        if b > a * CHANGE or a > b * CHANGE:
            lines.append("%s: %s, %s: %.1f x wc -l's processor time, was %.1f"
                         % ("slower" if b > a else "faster", row["input"],
                            row["stage"], b, a))
    return lines
