"""Requests that wait for the same database write together: whoever comes first leads, the others ride along.

On the peak day half of a day's visits arrive in thirty minutes. A commit waits for the disk; while one does, the
next ones gather, and the disk is asked once for all of them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


@dataclass
class _Turn(Generic[Asked, Answer]):
    """One request in the line: its answer or error once somebody did it, or the word that it leads now."""

    asked: Asked
    answer: Answer | None = None
    error: BaseException | None = None
    done: bool = False
    wake: threading.Event = field(default_factory=threading.Event)


Work = Callable[[Sequence[Asked]], Sequence[Answer | BaseException]]


class Line(Generic[Asked, Answer]):
    """Does what has gathered together, in order of arrival; never two at once, never more than `most` at a time.

    It runs in the thread of one of those who ask: there is no thread of its own to die.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._waiting: list[_Turn[Asked, Answer]] = []
        self._led = False

    def ask(self, asked: Asked, work: Work[Asked, Answer]) -> Answer:
        """The answer to one request; raises what it was answered with, if that is an exception.

        `work` gets requests of several who ask and answers each. Whoever leads uses their own.
        """
        turn: _Turn[Asked, Answer] = _Turn(asked)
        with self._lock:
            self._waiting.append(turn)
            lead, self._led = not self._led, True
        if not lead:
            turn.wake.wait()
        if not turn.done:
            self._lead(work)
        if turn.error is not None:
            raise turn.error
        assert turn.answer is not None
        return turn.answer

    def _lead(self, work: Work[Asked, Answer]) -> None:
        """Do what waits, one's own turn included (it is the first), and hand on the lead."""
        with self._lock:
            taken, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
        try:
            self._answer(taken, work)
        finally:
            with self._lock:
                following = self._waiting[0] if self._waiting else None
                self._led = following is not None
            for turn in taken[1:]:
                turn.wake.set()
            if following is not None:
                following.wake.set()

    @staticmethod
    def _answer(taken: Sequence[_Turn[Asked, Answer]], work: Work[Asked, Answer]) -> None:
        try:
            answers = work([turn.asked for turn in taken])
        except BaseException as error:
            # Nobody may be left waiting for ever, whatever happened to the one who led.
            for turn in taken:
                turn.error, turn.done = error, True
            return
        for turn, answer in zip(taken, answers, strict=True):
            if isinstance(answer, BaseException):
                turn.error = answer
            else:
                turn.answer = answer
            turn.done = True
