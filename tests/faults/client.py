"""A phone that pushes over real HTTP as fast as it can, believes receipts only, and survives any server."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.world.phone import Phone
from tests.world.places import Household

Row = dict[str, Any]


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
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.phone.token}"}
            connection.request("POST", "/api/v1/sync", json.dumps(request), headers)
            reply = connection.getresponse()
            body = reply.read()
        except (OSError, http.client.HTTPException):
            # Refused connections come back at once: without a pause this thread would eat the starting server's CPU.
            self.stop.wait(0.05)
            return None
        finally:
            connection.close()
        if reply.status != 200 or reply.getheader("Fieldsvc-Protocol") != "1":
            self.failures.append(f"{reply.status} {body[:200]!r}")
            return None
        page: Row = json.loads(body)
        return page


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
