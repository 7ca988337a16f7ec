# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# An echo server or client on asyncio (one thread, epoll, nonblocking).
# usage: echo_asyncio.py server PORT CONNECTIONS | client HOST PORT CONNECTIONS
import asyncio
import sys


async def serve(port, count):
    done = asyncio.Event()
    left = [count]

    async def handle(reader, writer):
        while data := await reader.read(4096):
            writer.write(data)
            await writer.drain()
        writer.close()
        await writer.wait_closed()
        left[0] -= 1
        if left[0] == 0:
            done.set()

    server = await asyncio.start_server(handle, "0.0.0.0", port, backlog=64)
    await done.wait()
    server.close()


async def talk(host, port, number):
    reader, writer = await asyncio.open_connection(host, port)
    for i in range(3):
        text = b"connection %d message %d " % (number, i) * (1 + number)
        writer.write(text)
        await writer.drain()
        assert await reader.readexactly(len(text)) == text
    writer.write_eof()
    assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()


async def ask(host, port, count):
    await asyncio.gather(*(talk(host, port, i) for i in range(count)))


if sys.argv[1] == "server":
    asyncio.run(serve(int(sys.argv[2]), int(sys.argv[3])))
else:
    asyncio.run(ask(sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
