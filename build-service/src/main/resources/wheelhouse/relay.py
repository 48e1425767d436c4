"""Run a command in a sandbox without network, with a proxy on the sandbox's own loopback.

Usage: relay.py SOCKET PORT COMMAND…; connections to the port are relayed to the UNIX socket.
"""

import asyncio
import sys


async def copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    try:
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
        target.write_eof()
    except OSError:
        pass


async def main(socket: str, port: str, *command: str) -> int:
    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        other_reader, other_writer = await asyncio.open_unix_connection(socket)
        await asyncio.gather(copy(reader, other_writer), copy(other_reader, writer))
        other_writer.close()
        writer.close()

    await asyncio.start_server(relay, "127.0.0.1", int(port))
    process = await asyncio.create_subprocess_exec(*command)
    return await process.wait()


sys.exit(asyncio.run(main(*sys.argv[1:])))
