#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""The HTML report in Chromium.  browser.py CHECK REPORT [PICTURES]

loads      shows the answer, the findings and the ladder, asks for nothing
jumps      evidence leads to its call; keys and clicks move on from there
filters    the tables sort and filter, the diagram shows one connection
prints     the diagram is on paper, black on white, the whole page on few
large      a hundred thousand calls scroll and zoom; a frame is drawn in time
hostile    nothing from a trace is run
"""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "../lib"))
sys.dont_write_bytecode = True
import browser  # noqa: E402  (needs the path)

DETAIL = "document.getElementById('detail').textContent"
COUNT = "document.getElementById('count').textContent"


def check(what, true, *more):
    if not true:
        print("failed:", what, *more)
        sys.exit(1)


def painted(b, canvas="document.getElementById('ladder')"):
    """How many colours the ladder has: a blank one has one or two."""
    return b.js("(() => { const c = " + canvas + ";"
                "const d = c.getContext('2d').getImageData(0, 0, c.width,"
                "c.height).data; const s = new Set();"
                "for (let i = 0; i < d.length; i += 4)"
                "s.add(d[i] << 16 | d[i + 1] << 8 | d[i + 2]);"
                "return s.size; })()")


def settled(b):
    b.js("new Promise((r) => requestAnimationFrame(() =>"
         "requestAnimationFrame(r)))")


def loads(b, _):
    text = b.js("document.querySelector('.answer').textContent")
    check("the answer", "cannot connect to server at 10.0.1.2:8080" in text,
          text)
    tags = b.js("[...document.querySelectorAll('.finding .facts code')]"
                ".map((e) => e.textContent)")
    check("findings", tags == ["firewall", "nonblocking-connect-failure"],
          tags)
    check("the exchange of the finding", "39 calls of 171" in b.js(COUNT))
    settled(b)
    check("a diagram", painted(b) > 8, painted(b))
    for width, scheme in ((390, "light"), (390, "dark"), (1280, "dark")):
        b.size(width, 844)
        b.scheme(scheme)
        settled(b)
        check(f"a diagram {width} {scheme}", painted(b) > 8)
        over = b.js("document.documentElement.scrollWidth - innerWidth")
        check(f"no scrolling sideways at {width}", over <= 0, over)


def jumps(b, _):
    b.click("a[data-call]")
    check("evidence", "connect(5, 10.0.1.2:8080)" in b.js(DETAIL) and
          "client.trace:394" in b.js(DETAIL), b.js(DETAIL))
    check("focus", b.js("document.activeElement.id") == "ladder")
    b.key("ArrowDown")
    check("the next call", "poll(" in b.js(DETAIL), b.js(DETAIL))
    b.key("n", "n")
    check("the next marked", "client.trace:673" in b.js(DETAIL), b.js(DETAIL))
    b.js("showLink(0)")
    b.key("Home")
    for _ in range(30):
        if "sendto(5, \"GET /" in b.js(DETAIL):
            break
        b.key("ArrowDown")
    check("a payload", "first 72 bytes" in b.js(DETAIL), b.js(DETAIL))
    b.click("#detail summary")
    b.until(DETAIL + ".includes('47 45 54 20 2f')")
    b.key("Enter")
    b.js("document.getElementById('ladder').focus()")
    b.key("Enter")
    b.until(DETAIL + ".includes('server.trace:')")
    b.js("document.getElementById('exchange').scrollIntoView()")
    box = b.js("(() => { const r = document.getElementById('ladder')"
               ".getBoundingClientRect(); return [r.left, r.top, r.width]; })"
               "()")
    before = b.js(DETAIL)
    b.click_at(box[0] + box[2] * 0.3, box[1] + 60)
    check("a click chooses", b.js(DETAIL) != before)


def filters(b, _):
    rows = "[...document.querySelectorAll('#connections tbody tr')]"
    check("connections", b.js(rows + ".length") == 4)
    b.type("#connections input", "pending")
    b.until(rows + ".length === 2")
    b.js("document.querySelector('#connections input').value = ''")
    b.type("#connections input", "10.0.1.2:80 ")
    b.js("document.querySelector('#connections thead th:nth-child(7) button')"
         ".click()")
    first = b.js(rows + "[0].cells[6].textContent")
    check("sorted, the largest first", first == "72", first)
    check("told to readers", b.js(
        "document.querySelector('#connections th[aria-sort]').ariaSort")
        == "descending")
    b.click("#connections tbody tr button")
    check("one connection", "Connection" in b.js(
        "document.getElementById('show').selectedOptions[0].textContent"),
          b.js("document.getElementById('show').innerText"))
    b.js("document.getElementById('show').value = '0';"
         "document.getElementById('show').dispatchEvent(new Event('change'))")
    check("everything", b.js(COUNT).startswith("171 calls"), b.js(COUNT))
    b.type("#search", "EINPROGRESS")
    b.until(COUNT + ".startsWith('4 calls of 171')")
    b.js("document.getElementById('search').value = ''")
    b.type("#search", "server.trace:118")
    b.until(COUNT + ".startsWith('1 call of 171')")
    check("found by its line", "listen(6, 511)" in b.js(DETAIL))


def prints(b, _):
    b.scheme("dark")
    settled(b)
    before = painted(b)
    b.js("window.dispatchEvent(new Event('beforeprint'))")
    paper = "document.querySelectorAll('#paper canvas')"
    check("one page of it", b.js(paper + ".length") == 1)
    check("a diagram on it", painted(b, paper + "[0]") > 8)
    corner = b.js("[..." + paper + "[0].getContext('2d')"
                  ".getImageData(2, 2, 1, 1).data]")
    check("on white", corner == [255, 255, 255, 255], corner)
    b.js("window.dispatchEvent(new Event('afterprint'))")
    check("gone afterwards", b.js(paper + ".length") == 0)
    settled(b)
    check("the screen as before", painted(b) == before)
    pdf = b.pdf()
    check("a file", pdf.startswith(b"%PDF"))
    pages = len(re.findall(rb"/Type ?/Page\b", pdf))
    check("a few pages", 1 < pages < 5, pages)


def large(b, _):
    b.js("document.getElementById('show').value = '0';"
         "document.getElementById('show').dispatchEvent(new Event('change'))")
    check("all calls", b.js(COUNT).startswith("100,0"), b.js(COUNT))
    b.click("#fit")
    settled(b)
    check("the whole", painted(b) > 4, painted(b))
    # The best of some: others may keep the machine busy.
    ms = b.js("(() => { const l = window.ladder; let best = Infinity;"
              "for (let i = 0; i < 10; i++) { const t = performance.now();"
              "l.zoom(i % 2 ? 1 / 1.5 : 1.5, 300); l.scroll(0, 99);"
              "l.paint(); l.paintMap();"
              "best = Math.min(best, performance.now() - t); }"
              "return best; })()")
    check("a frame in half a second", ms < 500, ms)
    b.js("window.dispatchEvent(new Event('beforeprint'))")
    text = b.js("document.getElementById('paper').textContent")
    check("paper has a part", re.match(r"Calls [\d,]+ to [\d,]+ of these", text),
          text)
    b.js("window.dispatchEvent(new Event('afterprint'))")
    b.js("document.getElementById('ladder').focus()")
    b.key("End")
    check("the last call", "release" in b.js(DETAIL), b.js(DETAIL))
    n = b.js("document.querySelectorAll('#connections tbody tr').length")
    check("a page of the table", n == 25, n)
    b.type("#connections input", "10.0.2.2:20997")
    b.until("document.querySelectorAll('#connections tbody tr').length === 1")


def hostile(b, _):
    b.click("a[data-call]")
    for _ in range(12):
        b.key("ArrowDown")
    check("nothing was run", b.js("window.pwned") is None)
    check("no element came from a trace", b.js(
        "document.querySelectorAll('img, iframe, object, b > b').length") == 0)
    check("one body, whole", b.js("document.querySelectorAll('footer').length")
          == 1)
    check("the text is there", "<script>" in b.js(
        "document.getElementById('findings').textContent"))


def main():
    name, report = sys.argv[1:3]
    with browser.Browser(1280, 1000) as b:
        b.scheme("light")
        b.open(report)
        check("it is ready", b.js("document.documentElement.dataset.ready")
              == "1", b.js(COUNT))
        globals()[name](b, report)
        settled(b)
        check("no request", b.requests() == [], b.requests())
        check("no complaint", b.complaints() == [], b.complaints())
        if len(sys.argv) > 3:
            b.picture(sys.argv[3])


if __name__ == "__main__":
    main()
