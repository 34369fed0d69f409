"""Two thousand phones on 2G at once: `python -m bench.uploads`.

Every phone sends its photo in pieces at 5 KB/s. What counts is that all of them get on, and that `/sync` is still
answered beside them; its times without that load, in the same run, stand beside.
"""

import asyncio
import base64
import hashlib
import resource
import statistics
import sys
import time
from dataclasses import dataclass, field
from random import Random

from bench.county import County, push, running_county, visit
from tests.support.ports import free_port

PHONES = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
SECONDS = 60
BYTES_A_SECOND = 5_000
PHOTO_BYTES = 150_000
# What a phone sends in one request at this speed: twelve seconds, in steps of 16 KB (static/core/uploads.js).
PART_BYTES = 3 * 16 * 1024
PIECE = "application/offset+octet-stream"


@dataclass
class Tally:
    """What the phones saw: bytes the server vouched for by phone, requests, refusals, and the longest wait."""

    durable: dict[int, int] = field(default_factory=dict)
    requests: int = 0
    refused: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)


@dataclass
class Reply:
    """Status and headers of an answer without a body to speak of."""

    status: int
    headers: dict[str, str]


async def ask(port: int, method: str, path: str, token: str, body: bytes, speed: int | None, **headers: str) -> Reply:
    """One request on a connection of its own, its body at that many bytes a second."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        said = {"Host": "bench", "Authorization": f"Bearer {token}", "Content-Length": str(len(body)), **headers}
        lines = "".join(f"{name.replace('_', '-')}: {text}\r\n" for name, text in said.items())
        writer.write(f"{method} {path} HTTP/1.1\r\n{lines}Connection: close\r\n\r\n".encode())
        step = speed or len(body) or 1
        for at in range(0, len(body), step):
            writer.write(body[at : at + step])
            await writer.drain()
            if speed:
                await asyncio.sleep(1)
        answer = await reader.read()
    finally:
        writer.close()
    head, _, _ = answer.partition(b"\r\n\r\n")
    first, *rest = head.decode().split("\r\n")
    pairs = (line.partition(": ") for line in rest)
    return Reply(int(first.split()[1]), {name.lower(): text for name, _, text in pairs})


async def photo(port: int, token: str, data: bytes, speed: int | None, number: int, tally: Tally) -> None:
    """Send one photo the way a phone does, part after part, each where the server says that it stands."""
    digest = hashlib.sha256(data).hexdigest()
    metadata = f"sha256 {base64.b64encode(digest.encode()).decode()},type aW1hZ2UvanBlZw=="
    part = PART_BYTES if speed else len(data)
    where, at = "", 0
    while at < len(data):
        piece, begun = data[at : at + part], time.perf_counter()
        if where:
            reply = await ask(port, "PATCH", where, token, piece, speed, Upload_Offset=str(at), Content_Type=PIECE)
        else:
            length = str(len(data))
            reply = await ask(
                port, "POST", "/api/v1/uploads", token, piece, speed,
                Upload_Length=length, Upload_Metadata=metadata, Content_Type=PIECE,
            )  # fmt: skip
            where = reply.headers.get("location", "")
        tally.requests += 1
        tally.waits.append(time.perf_counter() - begun - (len(piece) / speed if speed else 0))
        if reply.status not in (201, 204):
            tally.refused.append(f"{reply.status}")
            return
        at = int(reply.headers["upload-offset"])
        tally.durable[number] = tally.durable.get(number, 0) + len(piece)


async def slow_phone(port: int, token: str, number: int, until: float, tally: Tally) -> None:
    """One phone on 2G with more photos than the minute holds."""
    dice = Random(number)
    await asyncio.sleep(dice.random() * 10)
    while time.perf_counter() < until:
        data = dice.randbytes(PHOTO_BYTES)
        try:
            async with asyncio.timeout_at(asyncio.get_running_loop().time() + until - time.perf_counter()):
                await photo(port, token, data, BYTES_A_SECOND, number, tally)
        except TimeoutError:
            return
        except OSError as error:
            tally.refused.append(type(error).__name__)


async def syncs(county: County, token: str, place: int, until: float) -> list[float]:
    """How long `/sync` with one new visit takes, asked twice a second until then; in milliseconds."""
    dice, times = Random(place), []
    while time.perf_counter() < until:
        body = push(f"bench-{place}", None, [visit(county, place, dice)])
        begun = time.perf_counter()
        reply = await ask(
            county.server.port, "POST", "/api/v1/sync", token, body, None, Content_Type="application/json"
        )
        times.append((time.perf_counter() - begun) * 1000)
        assert reply.status == 200, reply
        await asyncio.sleep(0.5)
    return times


async def slow(county: County, port: int, tokens: list[str]) -> tuple[Tally, list[float], list[float]]:
    """The slow phones; `/sync` before them and beside them."""
    idle = await syncs(county, tokens[0], 0, time.perf_counter() + 20)
    until, tally = time.perf_counter() + SECONDS, Tally()
    phones = [slow_phone(port, tokens[1 + n % (len(tokens) - 1)], n, until, tally) for n in range(PHONES)]
    beside = asyncio.create_task(syncs(county, tokens[0], 0, until))
    await asyncio.gather(beside, *phones)
    return tally, idle, beside.result()


def percentile(times: list[float]) -> str:
    return f"{statistics.median(times):.0f} ms median, {statistics.quantiles(times, n=20)[-1]:.0f} ms p95"


def main() -> None:
    """Measure and print, one line each."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    port = free_port()
    with running_county(workers=2, threads=16, uploads_bind=f"127.0.0.1:{port}") as county:
        tokens = county.tokens(41)
        tally, idle, beside = asyncio.run(slow(county, port, tokens))
        got = sorted(tally.durable.get(n, 0) for n in range(PHONES))
        share = sum(got) / (PHONES * BYTES_A_SECOND * (SECONDS - 5))
        print(f"{PHONES} phones at {BYTES_A_SECOND} B/s for {SECONDS} s, in parts of {PART_BYTES} B")
        print(f"durable bytes a phone       least {got[0]}, median {got[len(got) // 2]}, most {got[-1]}")
        print(f"phones that got nowhere     {sum(1 for each in got if not each)}")
        print(f"of what the links carried   {share:.0%} in finished parts")
        print(f"requests, refused           {tally.requests}, {len(tally.refused)} {sorted(set(tally.refused))}")
        print(f"wait beyond the sending     {percentile([each * 1000 for each in tally.waits])}")
        print(f"/sync with a visit, idle    {percentile(idle)}")
        print(f"/sync beside the uploads    {percentile(beside)}")


if __name__ == "__main__":
    main()
