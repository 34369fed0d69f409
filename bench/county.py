"""The demo county behind a real server, and phones signed in to it: what the measurements measure."""

import gzip
import http.client
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import brotli

from fieldsvc.config import Settings
from fieldsvc.demo import district
from fieldsvc.demo.answers import Photo, answers
from fieldsvc.demo.district import District
from fieldsvc.demo.load import load
from fieldsvc.demo.properties import household_properties
from fieldsvc.ids import random_uuid7
from fieldsvc.services import enrol, setup
from fieldsvc.services.context import Context, open_context
from fieldsvc.store.migrate import upgrade
from tests.support.server import Server

# What Chrome on a phone sends with a request of its own origin; headers are most of a small request.
HEADERS = {
    "User-Agent": "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/118.0.0.0 Mobile",
    "Accept": "*/*",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Accept-Language": "zh-CN,zh;q=0.9",
    "Connection": "keep-alive",
    "Content-Type": "application/json",
    "Sec-Fetch-Dest": "empty",
    "Sec-Fetch-Mode": "cors",
    "Sec-Fetch-Site": "same-origin",
}
PHOTO = Photo("a" * 64, 180_000, "b" * 64, 9_000)
#: What stands in the answer to a push, once it is unpacked, of which something was refused.
REFUSED = b'"status":"refused"'
PICTURES = {kind: [PHOTO] for kind in ("mud", "brick", "white", "room", "booklet")}


@dataclass(frozen=True, slots=True)
class County:
    """A running server with the demo's data; `district` says who and what is in it."""

    server: Server
    district: District
    now: datetime
    database_url: str = ""

    def context(self) -> Context:
        """A context on the server's own data."""
        return open_context(Settings(mode="test", data_folder=self.server.folder, database_url=self.database_url))

    def tokens(self, number: int) -> list[str]:
        """The tokens of so many cadres' phones, signed in for the measurement."""
        ctx = self.context()
        by = setup.console(ctx)
        found = []
        for place, cadre in enumerate(self.district.cadres[:number]):
            code = enrol.new_code(ctx, by, cadre.id)
            found.append(enrol.enrol(ctx, code=code, install_id=f"bench-{place}", device_name="bench").token)
        ctx.db.dispose()
        return found


@contextmanager
def running_county(database_url: str = "", **settings: Any) -> Iterator[County]:
    """The demo county on a free port, in a temporary folder or in the empty database that is named."""
    with tempfile.TemporaryDirectory(prefix="fieldsvc-bench-") as name:
        now = datetime.now(ZoneInfo("Asia/Shanghai"))
        folder = Path(name) / "data"
        ctx = open_context(Settings(mode="test", data_folder=folder, log_level="error", database_url=database_url))
        upgrade(ctx.settings.database_url)
        load(ctx, now, {"cadre": "cadre-secret", "town": "town-secret", "county": "county-secret"})
        ctx.db.dispose()
        server = Server(folder, log_level="error", database_url=database_url, **settings)
        server.start()
        try:
            yield County(server, district.make(now.date()), now, database_url)
        finally:
            server.kill()


def visit(county: County, place: int, roll: Random) -> dict[str, Any]:
    """A new visit of the cadre at that place to one of their households, as an operation's document."""
    cadre = county.district.cadres[place]
    household = roll.choice(cadre.households)
    at = int(county.now.timestamp() * 1000)
    home = household_properties(household).get("home_gps")
    return {
        "id": random_uuid7(at),
        "schema": 1,
        "kind": "submission",
        "author": cadre.id,
        "install_id": f"bench-{place}",
        "cursor": None,
        "created_at": at,
        "form": "visit",
        "version": "1",
        "subject": household.id,
        "answers": answers(roll, household, home, county.now, PICTURES),
        "started_at": at - 600_000,
        "ended_at": at,
        "context": {"now": at, "utc_offset": 480, "seed": "1", "preloads": {}},
        "entities": [
            {
                "dataset": "households",
                "id": household.id,
                "base_version": 1,
                "trunk_version": 1,
                "branch_id": random_uuid7(at),
                "path": "/data",
            }
        ],
    }


def push(install_id: str, cursor: str | None, documents: list[dict[str, Any]]) -> bytes:
    """The body of a sync request that carries these operations."""
    operations = [
        {"id": each["id"], "body": json.dumps(each, ensure_ascii=False, separators=(",", ":"))} for each in documents
    ]
    body = {"protocol": 1, "install_id": install_id, "sent_at": 0, "app": "bench", "cursor": cursor}
    pending = {"operations": 0, "photos": 0}
    return json.dumps({**body, "operations": operations, "pending": pending}, ensure_ascii=False).encode()


def plain(answer: bytes) -> bytes:
    """The JSON of an answer, however it travelled."""
    if answer[:2] == b"\x1f\x8b":
        return gzip.decompress(answer)
    return answer if answer[:1] == b"{" else brotli.decompress(answer)


def post(connection: http.client.HTTPConnection, body: bytes, **headers: str) -> tuple[int, bytes]:
    """Send a sync request on an open connection; return status and body as they came."""
    connection.request("POST", "/api/v1/sync", body, {**HEADERS, **headers})
    answer = connection.getresponse()
    return answer.status, answer.read()
