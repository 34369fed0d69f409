"""A bad link in a box: a TCP proxy that delays, throttles, cuts, refuses, freezes and counts.

Links are spoiled here and not in the browser: its throttling and its offline switch do not reach what a
service worker fetches. All connections of a link share its bandwidth, as the requests of one phone do.
"""

import asyncio
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Literal

Direction = Literal["up", "down"]
Stop = Literal["cut", "gone", "frozen"]
SEGMENT = 1448  # bytes of one TCP segment on an ordinary link


@dataclass(slots=True)
class Weather:
    """What the link does to bytes; both directions alike."""

    round_trip_seconds: float = 0.0
    bytes_per_second: float | None = None
    refusing: bool = False


@dataclass(slots=True)
class Count:
    """What has passed: connections accepted, bytes sent up to the server, bytes sent down to the phone.

    `stops` counts how often the link came to the end of an allowance, by a cut or by freezing.
    """

    connections: int = 0
    up: int = 0
    down: int = 0
    stops: int = 0


class Link:
    """One phone's way to the server: the phone connects to `port`, the methods change the weather at once."""

    def __init__(self, upstream_port: int) -> None:
        self.port = 0
        self.count = Count()
        self._upstream_port = upstream_port
        self._weather = Weather()
        self._allowance: dict[Direction, int | None] = {"up": None, "down": None}
        self._stop: Stop = "cut"
        self._free_at: dict[Direction, float] = {"up": 0.0, "down": 0.0}
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._flowing = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="link", daemon=True)
        self._listening = threading.Event()

    # -- what a test says ------------------------------------------------------------------------------------

    def slow(self, *, round_trip_seconds: float = 0.0, bytes_per_second: float | None = None) -> None:
        """Make every byte wait: a round trip's time, and its turn in a shared bandwidth per direction."""
        self._weather.round_trip_seconds = round_trip_seconds
        self._weather.bytes_per_second = bytes_per_second

    def cut_after(self, *, up: int | None = None, down: int | None = None, for_good: bool = False) -> None:
        """Let so many more bytes pass in a direction, then reset every connection; once per call.

        `down=0` is the lost reply: the server did what was asked, the phone never hears of it. A cut `for_good`
        refuses from then on, so that what has passed by then can be looked at in peace.
        """
        self._allowance, self._stop = {"up": up, "down": down}, "gone" if for_good else "cut"

    def freeze_after(self, *, up: int | None = None, down: int | None = None) -> None:
        """Let so many more bytes pass in a direction, then freeze, in the middle of whatever was being said."""
        self._allowance, self._stop = {"up": up, "down": down}, "frozen"

    def refuse(self) -> None:
        """Reset what is open and every connection from now on: the aeroplane, the switched-off server."""
        self._weather.refusing = True
        self._loop.call_soon_threadsafe(self._reset_all)

    def freeze(self) -> None:
        """Keep connections open and pass nothing: the dead spot behind the hill, where nothing fails."""
        self._loop.call_soon_threadsafe(self._flowing.clear)

    def heal(self) -> None:
        """Make the link good again. What was frozen goes on; what was cut stays cut."""
        self._weather = Weather()
        self._allowance = {"up": None, "down": None}
        self._loop.call_soon_threadsafe(self._flowing.set)

    def resume(self) -> None:
        """Let bytes pass again as `slow` and `cut_after` or `freeze_after` were told meanwhile.

        A phone tries again by itself, at a moment of its own: what the link is to do must be said before it opens.
        """
        self._weather.refusing = False
        self._loop.call_soon_threadsafe(self._flowing.set)

    def forget_count(self) -> Count:
        """Return what passed so far and count from zero again."""
        past, self.count = self.count, Count()
        return past

    # -- how it is done --------------------------------------------------------------------------------------

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._flowing.set()
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._listening.set()
        self._loop.run_forever()
        server.close()
        self._reset_all()
        pending = asyncio.all_tasks(self._loop)
        for task in pending:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A connection that is open when the test ends is cancelled; asyncio would log that as a failure.
        with suppress(asyncio.CancelledError):
            await self._carry(reader, writer)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.count.connections += 1
        self._writers.add(writer)
        if self._weather.refusing:
            self._reset(writer)
            return
        # The handshake's own round trip; the kernel of this machine has already answered it in no time.
        await asyncio.sleep(self._weather.round_trip_seconds)
        try:
            upstream = await asyncio.open_connection("127.0.0.1", self._upstream_port)
        except OSError:
            self._reset(writer)
            return
        self._writers.add(upstream[1])
        for end in (writer, upstream[1]):
            # So that what counts as passed has left our hands before a cut throws the rest away.
            end.transport.set_write_buffer_limits(high=0)
        await asyncio.gather(self._pump("up", reader, upstream[1]), self._pump("down", upstream[0], writer))
        for end in (writer, upstream[1]):
            end.close()
            self._writers.discard(end)

    async def _pump(self, direction: Direction, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one direction of one connection until it ends; latency delays bytes without spacing them."""
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(maxsize=256)
        delivery = asyncio.ensure_future(self._deliver(direction, under_way, writer))
        with suppress(OSError):
            while data := await reader.read(SEGMENT):
                await under_way.put((await self._turn(direction, len(data)), data))
        await under_way.put((0.0, b""))
        await delivery

    async def _turn(self, direction: Direction, size: int) -> float:
        """Wait until the link has carried `size` bytes; return when they arrive at the other end."""
        now = self._loop.time()
        rate = self._weather.bytes_per_second
        if rate is not None:
            self._free_at[direction] = max(now, self._free_at[direction]) + size / rate
            await asyncio.sleep(self._free_at[direction] - now)
        return self._loop.time() + self._weather.round_trip_seconds / 2

    async def _deliver(
        self,
        direction: Direction,
        under_way: "asyncio.Queue[tuple[float, bytes]]",
        writer: asyncio.StreamWriter,
    ) -> None:
        while True:
            at, data = await under_way.get()
            await asyncio.sleep(max(0.0, at - self._loop.time()))
            await self._flowing.wait()
            if not data:
                with suppress(OSError):
                    writer.write_eof()
                return
            if writer not in self._writers:
                continue  # cut; read on to the end, or the other half of the connection waits for ever
            while data:
                passing, data, stops = self._allowed(direction, data)
                setattr(self.count, direction, getattr(self.count, direction) + len(passing))
                with suppress(OSError):
                    writer.write(passing)
                    await writer.drain()
                if stops:
                    data = await self._stops(data)

    def _allowed(self, direction: Direction, data: bytes) -> tuple[bytes, bytes, bool]:
        """Return the part of `data` that still passes, the rest, and whether the link stops between them."""
        left = self._allowance[direction]
        if left is None or len(data) < left:
            self._allowance[direction] = None if left is None else left - len(data)
            return data, b"", False
        self._allowance = {"up": None, "down": None}
        return data[:left], data[left:], True

    async def _stops(self, rest: bytes) -> bytes:
        """The end of an allowance: return what still goes to the other side afterwards."""
        if self._stop == "frozen":
            self._flowing.clear()
        self.count.stops += 1
        if self._stop == "frozen":
            await self._flowing.wait()
            return rest
        self._weather.refusing = self._stop == "gone"
        self._reset_all()
        return b""

    def _reset_all(self) -> None:
        for writer in list(self._writers):
            self._reset(writer)

    def _reset(self, writer: asyncio.StreamWriter) -> None:
        """End a connection with a reset, as a network that goes away does; an orderly end would be a lie."""
        self._writers.discard(writer)
        with suppress(OSError):
            end = writer.get_extra_info("socket")
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()


@contextmanager
def link_to(upstream_port: int) -> Iterator[Link]:
    """Open a good link to a port of this machine; close it at the end."""
    link = Link(upstream_port)
    link._thread.start()
    link._listening.wait()
    try:
        yield link
    finally:
        link._loop.call_soon_threadsafe(link._loop.stop)
        link._thread.join()
