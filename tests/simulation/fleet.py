"""The process in which the phones live, and the sentences in which it is led."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.support.tools import ROOT, node

Row = dict[str, Any]


class PhonesEnded(Exception):
    """The process of the phones ended by itself; the text is the end of what it said."""


class Fleet:
    """Node with all phones of a run, and then with those of the next."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._cut: Callable[[str], None] = lambda _: None
        # What phones that take turns wait for while the plug is pulled.
        read, self._restored = os.pipe()
        self._errors = log.open("wb")
        self._process = subprocess.Popen(
            [
                *(node(), "--max-old-space-size=4096", "--max-semi-space-size=64"),
                *("tests/simulation/phones/main.js", str(read)),
            ],
            pass_fds=[read],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            encoding="utf-8",
        )
        os.close(read)

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()
        self._errors.close()
        os.close(self._restored)

    def begin(
        self,
        server: str,
        photos: Sequence[str],
        thumb: str,
        deaths: float,
        cut: Callable[[str], None],
        turns: dict[str, str | list[str]] | None = None,
    ) -> None:
        """A run: there is no phone yet. Tell where the server is, what cameras take pictures of (base64), and how often
        a tab dies.

        `cut` is called when the phones have made as many requests as a step allowed; where they take `turns`, they wait
        for it, and say what died already.
        """
        self._cut = cut
        self._ask("begin", server=server, photos=list(photos), thumb=thumb, deaths=deaths, turns=turns)

    def add(self, phones: Sequence[Row]) -> None:
        """More phones, each with its `name`, its owner (`person`), `code`, `seed`, and the size of its photos."""
        self._ask("add", phones=list(phones))

    def step(self, phones: Sequence[str], cut: int = 0) -> None:
        """Let each of these phones do one thing, all at once; after `cut` requests the server's plug is pulled."""
        self._ask("step", phones=list(phones), cut=cut)

    def rest(self, phones: Sequence[str]) -> None:
        """Give these phones signal, and let them finish and send what they have."""
        self._ask("rest", phones=list(phones))

    def back_up(self, phone: str) -> bytes:
        """The file in which a phone's owner keeps what has not arrived; empty where there is nothing, or nobody."""
        answer = self._ask("backUp", phone=phone)
        return base64.b64decode(answer["file"]) if answer.get("operations") else b""

    def lose(self, phone: str, code: str) -> None:
        """Let a phone lie in the river, with all that is on it; its owner has a new one, and this code for it."""
        self._ask("lose", phone=phone, code=code)

    def tell(self, phone: str, code: str) -> None:
        """Give a phone's owner another code to sign in with."""
        self._ask("tell", phone=phone, code=code)

    def is_set_back(self) -> None:
        """An older backup has taken the place of the server's database: what phones remove is removed after that."""
        self._ask("setBack")

    def report(self, phone: str) -> Row:
        """What is on a phone's disk, and what its owner typed and was told."""
        return self._ask("report", phone=phone)

    def tally(self) -> tuple[dict[str, int], list[str]]:
        """The faults there were, by kind, and what the phones' owners complain of."""
        answer = self._ask("tally")
        return answer["faults"], answer["complaints"]

    def _ask(self, order: str, **given: Any) -> Row:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"order": order, **given}) + "\n")
        self._process.stdin.flush()
        while line := self._process.stdout.readline():
            answer: Row = json.loads(line)
            if "done" in answer:
                return answer
            self._cut(answer.get("died", ""))
            if answer.get("waits"):
                os.write(self._restored, b"1")
        raise PhonesEnded(self._log.read_text(errors="replace")[-3000:])
