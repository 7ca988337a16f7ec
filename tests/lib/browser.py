# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""Chromium without a window, driven over its debugging pipe.

The protocol is one JSON object a message, ended by a NUL, on descriptors 3
(to the browser) and 4 (from it).
"""
import base64
import json
import os
import shutil
import subprocess
import tempfile
import time

TIMEOUT = 60


class Browser:
    """A page of its own; use it in a with statement."""

    def __init__(self, width=1280, height=900):
        self.home = tempfile.mkdtemp(prefix="nc-browser-")
        to_it, self.write = os.pipe()
        self.read, from_it = os.pipe()

        def descriptors():
            # By way of high numbers: 3 and 4 may be among the four.
            os.dup2(to_it, 103)
            os.dup2(from_it, 104)
            os.dup2(103, 3)
            os.dup2(104, 4)

        self.process = subprocess.Popen(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu",
             "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-dev-shm-usage",
             "--remote-debugging-pipe", "--user-data-dir=" + self.home,
             f"--window-size={width},{height}", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, close_fds=False,
            preexec_fn=descriptors)
        os.close(to_it)
        os.close(from_it)
        self.left = b""
        self.number = 0
        self.session = None
        self.events = []
        target = self.call("Target.createTarget", url="about:blank")
        self.session = self.call("Target.attachToTarget", flatten=True,
                                 targetId=target["targetId"])["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(domain + ".enable")
        self.size(width, height)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.write)
        os.close(self.read)
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)

    def message(self):
        while b"\0" not in self.left:
            got = os.read(self.read, 1 << 16)
            if not got:
                raise RuntimeError("the browser is gone")
            self.left += got
        one, self.left = self.left.split(b"\0", 1)
        return json.loads(one)

    def call(self, method, **params):
        self.number += 1
        m = {"id": self.number, "method": method, "params": params}
        if self.session:
            m["sessionId"] = self.session
        data = json.dumps(m).encode() + b"\0"
        while data:
            data = data[os.write(self.write, data):]
        while True:
            got = self.message()
            if got.get("id") == self.number:
                if "error" in got:
                    raise RuntimeError(f"{method}: {got['error']}")
                return got["result"]
            self.events.append(got)

    def size(self, width, height, scale=1):
        self.call("Emulation.setDeviceMetricsOverride", width=width,
                  height=height, deviceScaleFactor=scale, mobile=False)

    def scheme(self, name):
        """light or dark"""
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": name},
            {"name": "prefers-reduced-motion", "value": "reduce"}])

    def js(self, expression):
        r = self.call("Runtime.evaluate", expression=expression,
                      awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in r:
            raise RuntimeError(str(r["exceptionDetails"])[:2000])
        return r["result"].get("value")

    def open(self, path):
        """Opens a report and waits until its diagram is there."""
        self.events.clear()
        self.call("Page.navigate", url="file://" + os.path.abspath(path))
        self.until("document.documentElement?.dataset.ready")

    def until(self, expression):
        end = time.monotonic() + TIMEOUT
        while not self.js(expression):
            if time.monotonic() > end:
                raise RuntimeError(f"never true: {expression}")
            time.sleep(0.05)

    def key(self, key, text=None):
        for kind in ("keyDown", "keyUp"):
            m = {"type": kind, "key": key}
            if text and kind == "keyDown":
                m["text"] = text
            self.call("Input.dispatchKeyEvent", **m)

    def type(self, selector, text):
        self.js(f"document.querySelector({json.dumps(selector)}).focus()")
        self.call("Input.insertText", text=text)

    def click(self, selector):
        self.js("document.querySelector(%s).scrollIntoView({block: 'center',"
                " behavior: 'instant'})" % json.dumps(selector))
        x, y = self.js(
            "(() => { const b = document.querySelector(%s)"
            ".getBoundingClientRect(); return [b.left + b.width / 2,"
            " b.top + b.height / 2]; })()" % json.dumps(selector))
        self.click_at(x, y)

    def click_at(self, x, y):
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y,
                      button="left", clickCount=1)

    def requests(self):
        """What was asked for since the page was opened, itself left out."""
        self.js("1")
        return [e["params"]["request"]["url"] for e in self.events
                if e.get("method") == "Network.requestWillBeSent"][1:]

    def complaints(self):
        """Exceptions and errors of the page."""
        self.js("1")
        return [json.dumps(e["params"])[:500] for e in self.events
                if e.get("method") == "Runtime.exceptionThrown" or
                e.get("method") == "Log.entryAdded" and
                e["params"]["entry"]["level"] == "error"]

    def pdf(self):
        return base64.b64decode(self.call("Page.printToPDF")["data"])

    def picture(self, path, whole=False, clip=None):
        shot = self.call("Page.captureScreenshot", format="png",
                         captureBeyondViewport=whole or clip is not None,
                         **({"clip": clip} if clip else {}))
        with open(path, "wb") as f:
            f.write(base64.b64decode(shot["data"]))
