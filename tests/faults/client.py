"""Phones that push over real HTTP as fast as they can and believe receipts only, and what must be there afterwards."""

from __future__ import annotations

import http.client
import json
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from fieldsvc.store.engine import Database
from fieldsvc.store.tables import EntityVersionRow, OperationRow
from tests.world import laws
from tests.world.phone import Phone
from tests.world.places import Household

Row = dict[str, Any]
#: Between two pushes of a phone for which the server is never away: programs that start beside it need a processor too.
PAUSE_SECONDS = 0.2


@dataclass
class Pusher:
    """One client thread: it corrects its own household's counters and sends until told to stop."""

    phone: Phone
    home: Household
    port: int
    batch: int
    heard: Callable[[int], None]
    stop: threading.Event = field(default_factory=threading.Event)
    receipts: list[Row] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    made: int = 0

    def run(self) -> None:
        """Work until stopped, then until the queue is empty."""
        while not self.stop.is_set() or self.phone.outbox.waiting():
            if not self.stop.is_set():
                self._works()
            page = self._asks(self.phone.request(limit=self.batch))
            if page is not None:
                self.receipts += page["receipts"]
                self.phone.take(page)
                self.heard(len(page["receipts"]))

    def _works(self) -> None:
        while len(self.phone.outbox.waiting()) < self.batch:
            self.made += 1
            shown = int(self.phone.properties(self.home.id).get("visits_made") or 0)
            changes: dict[str, str | None] = {"visits_made": str(shown + 1), "phone": str(self.made)}
            touch = self.phone.touch(self.home.dataset, self.home.id, changes, create=False)
            declared = touch.declared
            declared["entity"] = declared.pop("id")
            self.phone.freeze("edit", self.home.id, (touch,), subject=self.home.id, changes=changes, **declared)

    def _asks(self, request: Row) -> Row | None:
        """The parsed answer; None when the server died before, while or after it answered."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            return self._asks_on(connection, request)
        except (OSError, http.client.HTTPException):
            # Refused connections come back at once: without a pause this thread would eat the starting server's CPU.
            self.stop.wait(0.05)
            return None
        finally:
            connection.close()

    def _asks_on(self, connection: http.client.HTTPConnection, request: Row) -> Row | None:
        """The parsed answer; None, and a failure, when it is another than phones expect."""
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.phone.token}"}
        connection.request("POST", "/api/v1/sync", json.dumps(request), headers)
        reply = connection.getresponse()
        body = reply.read()
        if reply.status != 200 or reply.getheader("Fieldsvc-Protocol") != "1":
            self.failures.append(f"{reply.status} {body[:200]!r}")
            return None
        page: Row = json.loads(body)
        return page


@contextmanager
def at_work(clients: Sequence[Pusher]) -> Iterator[None]:
    """All of them push, each on a thread of its own, until the block ends; then until everything has arrived."""
    threads = [threading.Thread(target=client.run, daemon=True) for client in clients]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for client in clients:
            client.stop.set()
        for thread in threads:
            thread.join(120)
    assert not any(thread.is_alive() for thread in threads), "a queue that never drained"


class Counter:
    """How many receipts all clients have seen together."""

    def __init__(self) -> None:
        self._seen = 0
        self._moved = threading.Condition()

    def add(self, number: int) -> None:
        """Some more receipts."""
        with self._moved:
            self._seen += number
            self._moved.notify_all()

    def wait_for(self, number: int) -> bool:
        """True as soon as that many were seen; false if that never happens."""
        with self._moved:
            return self._moved.wait_for(lambda: self._seen >= number, timeout=120)

    def waits_for_more(self, number: int) -> None:
        """Return once that many more were seen; it is an error if that never happens."""
        with self._moved:
            seen = self._seen
        assert self.wait_for(seen + number), "the clients came to a stand"


@dataclass
class Staying(Pusher):
    """One for whom the server is never away: it stays on one connection until the server says that it closes it, and a
    push without an answer is a failure."""

    tls: ssl.SSLContext | None = None
    line: http.client.HTTPConnection | None = None

    def run(self) -> None:
        """Work until stopped, then until the queue is empty."""
        if self.tls is None:
            self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        else:
            self.line = http.client.HTTPSConnection("localhost", self.port, timeout=30, context=self.tls)
        try:
            super().run()
        finally:
            self.line.close()

    def _asks(self, request: Row) -> Row | None:
        assert self.line is not None
        self.stop.wait(PAUSE_SECONDS)
        try:
            return self._asks_on(self.line, request)
        except (OSError, http.client.HTTPException) as problem:
            self.failures.append(repr(problem))
            self.line.close()  # and the next request opens it again
            return None


def everything_is_there(db: Database, pushers: Sequence[Pusher]) -> None:
    """What was received is in the database, once, with its effects."""
    with db.read() as session:
        laws.everything_holds(session, [pusher.phone for pusher in pushers])
        for pusher in pushers:
            ids = {receipt["id"] for receipt in pusher.receipts}
            assert {receipt["status"] for receipt in pusher.receipts} == {"applied"}
            kept = set(session.scalars(select(OperationRow.id).where(OperationRow.id.in_(ids))))
            assert kept == ids == {entry.id for entry in pusher.phone.outbox.entries}
            versions = session.scalars(
                select(EntityVersionRow)
                .where(EntityVersionRow.entity_id == pusher.home.id)
                .order_by(EntityVersionRow.version)
            ).all()
            # The counter would count a repeat twice; the chain of values would show one that is missing.
            assert [row.properties["visits_made"] for row in versions] == [str(n) for n in range(pusher.made + 1)]
    db.dispose()
