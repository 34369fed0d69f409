"""How many photos a second become durable, beside what the disk can do: `python -m bench.photos`.

Whole photos of 150 KB, sixteen at a time, as fast as the server takes them, while its worker makes the smaller pictures
of those that have come. Beside it, in the same run and before and after: the disk's own limit, a bare loop of write and
fsync of the same bytes, one after the other and sixteen at a time; and Flask and gunicorn that only keep them.
Then how long the worker is behind, and the processor's time for each photo, which other programs alter little.
"""

import asyncio
import http.client
import json
import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from random import Random

from PIL import Image
from sqlalchemy import func, select

from bench.bare_server import bare_server
from bench.county import County, running_county
from bench.uploads import Tally, photo
from fieldsvc.store.tables import JobRow
from tests.support.ports import free_port

NUMBER = int(sys.argv[1]) if len(sys.argv) > 1 else 300
AT_ONCE = 16
OF_A_VISIT = 3
PHOTO_BYTES = 150_000


def pictures(number: int, after: int = 0) -> list[bytes]:
    """So many different JPEG files of 150 KB that a decoder opens: one picture, and grain behind its end."""
    file = BytesIO()
    Image.effect_noise((1200, 900), 20).convert("RGB").save(file, "JPEG", quality=25)
    begin = file.getvalue()
    return [begin + Random(n).randbytes(PHOTO_BYTES - len(begin)) for n in range(after, after + number)]


async def send(port: int, tokens: list[str], photos: list[bytes]) -> float:
    """Every photo whole, sixteen at once; photos a second."""
    tally, gate = Tally(), asyncio.Semaphore(AT_ONCE)

    async def one(n: int) -> None:
        async with gate:
            await photo(port, tokens[n % len(tokens)], photos[n], None, n, tally)

    begun = time.perf_counter()
    await asyncio.gather(*(one(n) for n in range(len(photos))))
    assert not tally.refused, tally.refused[:3]
    return len(photos) / (time.perf_counter() - begun)


def send_together(port: int, tokens: list[str], photos: list[bytes]) -> float:
    """The same with the photos of a visit in one request, as a phone sends them on a good link; photos a second."""

    def one_visit(first: int) -> None:
        parts = b"".join(
            f'--bench\r\nContent-Disposition: form-data; name="{sha256(data).hexdigest()}"; filename="photo"\r\n'
            f"Content-Type: image/jpeg\r\n\r\n".encode()
            + data
            + b"\r\n"
            for data in photos[first : first + OF_A_VISIT]
        )
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        headers = {"Authorization": f"Bearer {tokens[first % len(tokens)]}"}
        headers["Content-Type"] = "multipart/form-data; boundary=bench"
        line.request("POST", "/api/v1/uploads/together", parts + b"--bench--\r\n", headers)
        stored = json.loads(line.getresponse().read())["stored"]
        assert len(stored) == len(photos[first : first + OF_A_VISIT]), stored
        line.close()

    begun = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE // OF_A_VISIT + 1) as phones:
        list(phones.map(one_visit, range(0, len(photos), OF_A_VISIT)))
    return len(photos) / (time.perf_counter() - begun)


def disk(photos: list[bytes], folder: Path, at_once: int) -> float:
    """The limit: the same files written and fsynced, so many at once; files a second."""

    def write(n: int) -> None:
        with (folder / f"{at_once}-{n}").open("wb") as file:
            file.write(photos[n])
            file.flush()
            os.fsync(file.fileno())

    begun = time.perf_counter()
    with ThreadPoolExecutor(at_once) as hands:
        list(hands.map(write, range(len(photos))))
    return len(photos) / (time.perf_counter() - begun)


def worked_off(county: County) -> float:
    """Seconds until the worker has no photo left to open."""
    ctx, begun = county.context(), time.perf_counter()
    waiting = select(func.count()).select_from(JobRow).where(JobRow.kind == "derive", JobRow.state != "done")
    while True:
        with ctx.db.read() as session:
            if not session.scalar(waiting):
                break
        time.sleep(0.2)
    ctx.db.dispose()
    return time.perf_counter() - begun


def processor(county: County) -> float:
    """Seconds of the processor that the pool which receives photos has taken so far."""
    pool = [process for process in county.server.processes() if "uploads" in process.cmdline()]
    taken = (process.cpu_times() for process in pool)
    return float(sum(times.user + times.system for times in taken))


def main() -> None:
    """Measure and print, one line each."""
    port, photos = free_port(), pictures(NUMBER)
    with (
        running_county(workers=2, threads=16, uploads_bind=f"127.0.0.1:{port}") as county,
        tempfile.TemporaryDirectory(dir=county.server.folder) as scratch,
    ):
        tokens = county.tokens(41)
        worked_off(county)
        for when in ("before", "after"):
            with tempfile.TemporaryDirectory(dir=scratch) as folder:
                one, many = (disk(photos, Path(folder), at_once) for at_once in (1, AT_ONCE))
            with (
                tempfile.TemporaryDirectory(dir=scratch) as folder,
                bare_server(Path(folder), workers=1, threads=256) as bare,
            ):
                limit = asyncio.run(send(bare, tokens, photos))
            print(f"write and fsync, {when:<10} {one:.0f} /s one by one, {many:.0f} /s sixteen at once")
            print(f"bare Flask, {when:<15} {limit:.0f} /s")
            if when == "before":
                begun = processor(county)
                ours = asyncio.run(send(port, tokens, photos))
                each = (processor(county) - begun) / NUMBER * 1000
                behind = worked_off(county)
                begun = processor(county)
                visits = send_together(port, tokens, pictures(NUMBER, NUMBER))
                share = (processor(county) - begun) / NUMBER * 1000
                shares = f"{ours / one:.0%} of the loop, {ours / limit:.0%} of bare Flask"
                print(f"photos of 150 KB, durable   {ours:.0f} /s, {shares}")
                print(f"processor for each          {each:.1f} ms")
                shares = f"{visits / one:.0%} of the loop, {visits / limit:.0%} of bare Flask"
                print(f"three of a visit together   {visits:.0f} /s, {shares}")
                print(f"processor for each          {share:.1f} ms")
                print(f"all opened and made small   {behind:.1f} s later, {NUMBER / (NUMBER / ours + behind):.0f} /s")


if __name__ == "__main__":
    main()
