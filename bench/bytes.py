"""Bytes on the wire: `python -m bench.bytes`. Counted by a proxy, headers included, TLS not."""

import gzip
import http.client
import json
from random import Random
from typing import Any

from bench.county import County, plain, post, push, running_county, visit
from fieldsvc.services import assignments, enrol, setup
from fieldsvc.web.assets import compressed, read_release
from tests.support.proxy import Count, Link, link_to


class Phone:
    """A signed-in phone that counts what its requests cost."""

    def __init__(self, link: Link, token: str, install_id: str) -> None:
        self._link = link
        self._connection = http.client.HTTPConnection("127.0.0.1", link.port)
        self._authorization = f"Bearer {token}"
        self._install_id = install_id
        self.cursor: str | None = None

    def sync(self, documents: list[dict[str, Any]]) -> tuple[Count, int, int, dict[str, Any]]:
        """One request: bytes counted on the wire, bodies' bytes up and down, and the answer."""
        self._link.forget_count()
        body = push(self._install_id, self.cursor, documents)
        packed = gzip.compress(body, mtime=0)
        headers = {"Authorization": self._authorization}
        if len(packed) < len(body):
            body, headers["Content-Encoding"] = packed, "gzip"
        status, answer = post(self._connection, body, **headers)
        assert status == 200, answer
        found: dict[str, Any] = json.loads(plain(answer))
        self.cursor = found["cursor"]
        return self._link.forget_count(), len(body), len(answer), found

    def catch_up(self) -> tuple[Count, int]:
        """Sync until nothing is left; the bytes of all of it, and how many requests it took."""
        total, requests, more = Count(), 0, True
        while more:
            count, _, _, found = self.sync([])
            total = Count(total.connections + count.connections, total.up + count.up, total.down + count.down)
            requests, more = requests + 1, bool(found.get("more"))
        return total, requests


def many_households(county: County, wanted: int) -> str:
    """The token of a phone whose owner has been given villages with about so many households."""
    ctx = county.context()
    by = setup.console(ctx)
    person, given = county.district.cadres[1], 0
    for village in county.district.places.villages:
        if given >= wanted:
            break
        assignments.assign(ctx, by, person.id, area_id=village.area.id)
        given += sum(household.village.area.id == village.area.id for household in county.district.households)
    code = enrol.new_code(ctx, by, person.id)
    token = enrol.enrol(ctx, code=code, install_id="bench-many", device_name="bench").token
    ctx.db.dispose()
    print(f"households of the first sync: {given}")
    return token


def main() -> None:
    """Measure and print, one line each."""
    release = read_release()
    print(f"app, everything needed offline, brotli: {len(compressed(release.pack(), 'br')):,} B")
    with running_county() as county, link_to(county.server.port) as link:
        first = Phone(link, many_households(county, 200), "bench-many")
        count, requests = first.catch_up()
        print(f"first sync: {count.down:,} B down, {count.up:,} B up, {requests} requests")
        phone = Phone(link, county.tokens(1)[0], "bench-0")
        phone.catch_up()
        count, up, down, _ = phone.sync([])
        print(f"sync with nothing new: bodies {up} B up, {down} B down; wire {count.up + count.down:,} B")
        count, up, down, found = phone.sync([visit(county, 0, Random(3))])
        assert found["receipts"][0]["status"] in ("applied", "merged"), found["receipts"]
        print(f"one visit: body {up:,} B up, {down:,} B down; wire {count.up + count.down:,} B")


if __name__ == "__main__":
    main()
