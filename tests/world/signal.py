"""The link between a phone and the server, with everything that happens to it in a valley.

A link carries a request or does not, brings the answer back or does not, and may deliver a request twice. What
travelled is kept, so that a story can replay it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """What came back: the status, the parsed body and the headers."""

    status: int
    body: Row
    headers: dict[str, str] = field(default_factory=dict)


#: method, path, JSON body, bearer token → the server's answer.
Send = Callable[[str, str, Row | None, str | None], Reply]


class NoSignal(Exception):
    """The request or its answer never arrived. The phone cannot tell which."""


@dataclass
class Link:
    """One phone's signal. `send` reaches the server; the flags say what goes wrong with the next requests."""

    send: Send
    up: bool = True
    lose_requests: int = 0
    lose_replies: int = 0
    repeat: int = 0
    audit: Callable[[Row | None, Reply], None] = lambda _request, _reply: None
    sent: list[tuple[str, Row | None]] = field(default_factory=list)

    def ask(self, method: str, path: str, body: Row | None, token: str | None) -> Reply:
        """Send one request and bring back the answer, unless the valley is in the way."""
        if not self.up:
            raise NoSignal
        if self.lose_requests > 0:
            self.lose_requests -= 1
            raise NoSignal
        self.sent.append((path, body))
        reply = self._deliver(method, path, body, token)
        while self.repeat > 0:
            self.repeat -= 1
            reply = self._deliver(method, path, body, token)
        if self.lose_replies > 0:
            self.lose_replies -= 1
            raise NoSignal
        return reply

    def _deliver(self, method: str, path: str, body: Row | None, token: str | None) -> Reply:
        reply = self.send(method, path, body, token)
        self.audit(body, reply)
        return reply
