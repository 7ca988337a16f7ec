#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: aiohttp serves pages and WebSockets; its client keeps one open with
# pings.
# usage: aiohttp-websockets.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS="-f -tt -T -y -s 32 -e ${LAB_CALLS/open,openat,/}"
lab_init aiohttp "$1"
lab_host server
lab_host client
cat >serve.py <<'PY'
from aiohttp import web
async def page(request):
    return web.Response(text="page\n" * 50)
async def talk(request):
    ws = web.WebSocketResponse(heartbeat=0.5)
    await ws.prepare(request)
    async for m in ws:
        await ws.send_str("you said " + m.data)
    return ws
app = web.Application()
app.add_routes([web.get("/", page), web.get("/talk", talk)])
web.run_app(app, port=8080, print=None)
PY
cat >ask.py <<'PY'
import asyncio, sys
import aiohttp
url = "http://%s:8080" % sys.argv[1]
async def main():
    async with aiohttp.ClientSession() as s:
        pages = await asyncio.gather(*(get(s) for _ in range(5)))
        print(len(pages))
        async with s.ws_connect(url + "/talk") as ws:
            for i in range(3):
                await ws.send_str("word %d" % i)
                print(await ws.receive_str())
                await asyncio.sleep(0.6)
async def get(s):
    async with s.get(url) as r:
        return await r.text()
asyncio.run(main())
PY
lab_trace_bg server server.trace -- python3 serve.py
srv=$LAB_PID
lab_wait_port server 8080
lab_trace client client.trace -- python3 ask.py "$(lab_addr server)"
grep -q 'word 2' client.trace.out
lab_stop "$srv" INT
lab_row server server.trace
lab_row client client.trace
