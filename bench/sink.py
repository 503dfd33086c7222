"""A mail server that takes everything and keeps nothing, in a process of its own: `python -m bench.sink`.

Prints its port, and the number of mails that it took when its standard input ends.
"""

import asyncio
import sys

taken = 0


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Speak as much SMTP as a sender needs to hear."""
    global taken  # noqa: PLW0603  one counter of a script
    writer.write(b"220 sink\r\n")
    while line := await reader.readline():
        word = line[:4].upper()
        if word == b"DATA":
            writer.write(b"354 go on\r\n")
            await reader.readuntil(b"\r\n.\r\n")
            taken += 1
        writer.write(b"221 bye\r\n" if word == b"QUIT" else b"250 fine\r\n")
        if word == b"QUIT":
            break
    writer.close()


async def main() -> None:
    """Serve until nobody listens any more."""
    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=10 * 2**20)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    sys.stdout.write(f"{taken}\n")


asyncio.run(main())
