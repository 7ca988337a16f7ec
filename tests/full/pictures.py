#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""Pictures of the HTML report for the README.

pictures.py BINDIR FOLDER CASE CASE: the answer and the findings of one case,
the diagram of the other, each in a light and in a dark setting.
"""
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "../lib"))
sys.dont_write_bytecode = True
import browser  # noqa: E402  (needs the path)

WIDTH = 1000


def shoot(b, part, path):
    b.js("new Promise((r) => requestAnimationFrame(() =>"
         "requestAnimationFrame(r)))")
    top, height = b.js(
        "(() => { const a = [...document.querySelectorAll('%s')]"
        ".map((e) => e.getBoundingClientRect());"
        "const top = a[0].top + scrollY;"
        "return [top, a[a.length - 1].bottom + scrollY - top]; })()" % part)
    b.picture(path, clip={"x": 0, "y": top - 12, "width": WIDTH,
                          "height": height + 24, "scale": 1})
    # A page has few colours: so it is a quarter of the size.
    subprocess.run(["convert", path, "-strip", "+dither", "-colors", "48",
                    "PNG8:" + path], check=True)


def shoot_both(bindir, case, part, path):
    with tempfile.TemporaryDirectory() as tmp, \
            browser.Browser(WIDTH, 900) as b:
        report = os.path.join(tmp, "report.html")
        done = subprocess.run([os.path.join(bindir, "netcheck"), "-f", "html",
                               "-o", report, case], check=False)
        if done.returncode > 1:
            sys.exit(2)
        b.scheme("light")
        b.open(report)
        for scheme in "light", "dark":
            b.scheme(scheme)
            shoot(b, part, f"{path}-{scheme}.png")


def main():
    bindir, folder, one, other = sys.argv[1:5]
    os.makedirs(folder, exist_ok=True)
    shoot_both(bindir, one, "header, #findings",
               os.path.join(folder, "findings"))
    shoot_both(bindir, other, "#exchange", os.path.join(folder, "exchange"))


if __name__ == "__main__":
    main()
