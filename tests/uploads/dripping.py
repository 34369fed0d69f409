"""Many phones at the edge of a signal: bodies that come a few bytes at a time, for as long as a test likes."""

from __future__ import annotations

import http.client
import socket
import threading
from dataclasses import dataclass
from types import TracebackType
from typing import Self

#: 1 KB/s, which is what a village has of 2G.
PIECE_BYTES, PAUSE_SECONDS = 100, 0.1


@dataclass
class Body:
    """One request on a connection of its own: its head has gone, its body is on the way."""

    head: bytes
    body: bytes
    line: socket.socket
    sent: int = 0

    def drips(self, most: int = PIECE_BYTES) -> None:
        """The next few bytes of it; the last is kept back."""
        piece = self.body[self.sent : min(self.sent + most, len(self.body) - 1)]
        self.line.sendall(piece)
        self.sent += len(piece)

    def ends(self) -> http.client.HTTPResponse:
        """All that is left at once, as on a better link, and the answer."""
        self.line.sendall(self.body[self.sent :])
        answer = http.client.HTTPResponse(self.line)
        answer.begin()
        return answer


class Dripping:
    """Requests that drip while this is open. What any of them raised is raised at the end."""

    def __init__(self, port: int, requests: list[tuple[bytes, bytes]]) -> None:
        self._port = port
        self._requests = requests
        self._moved = threading.Condition()
        self._rounds = 0
        self._enough = threading.Event()
        self._problem: OSError | None = None
        self._thread = threading.Thread(target=self._drips, daemon=True)
        self.bodies: list[Body] = []

    def __enter__(self) -> Self:
        for head, body in self._requests:
            line = socket.create_connection(("127.0.0.1", self._port), timeout=30)
            self.bodies.append(Body(head, body, line))
            line.sendall(head)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        self.stops()
        for body in self.bodies:
            body.line.close()
        if kind is None and self._problem is not None:
            raise self._problem

    def have_dripped(self, times: int) -> bool:
        """Wait until each has sent so many pieces; false where one was cut."""
        with self._moved:
            self._moved.wait_for(lambda: self._rounds >= times or self._problem is not None)
            return self._problem is None

    def stops(self) -> None:
        """No more drops; what is on the way stays there."""
        self._enough.set()
        self._thread.join()

    def _drips(self) -> None:
        while not self._enough.wait(PAUSE_SECONDS):
            try:
                for body in self.bodies:
                    body.drips()
            except OSError as problem:
                self._problem = problem
            with self._moved:
                self._rounds += 1
                self._moved.notify_all()
            if self._problem is not None:
                return
