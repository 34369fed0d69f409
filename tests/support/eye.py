"""An eye on every answer of every test: nobody is told of a record, visit or dispute out of their reach.

It sits in Flask's own signal, so that no test can forget it, and looks before whoever asked has the answer. It reads
over a connection of its own, so that tests which count statements are not disturbed. What it knows by: ids of records,
visits and disputes, and the identity numbers of test people (prefix 99). It reads pages, problems, tables and
archives, also those that are sent piece by piece; of one that is broken off on the way it sees nothing.

What it sees it writes to a file, as a line: threads and processes, those too that are killed, tell it in one place. It
is open in the tests' own process (`watching.py`), in the servers that they start (`watched.py`), those of the
simulator among them, and in the processes that die at named places. It is not open in an installed package, in an
earlier release that is upgraded, and in the demo's second start: those are programs of their own.
"""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import brotli
from flask import Flask, Response, g, request
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import RequestEntityTooLarge

from fieldsvc.store.outage import outage
from tests.support import reach
from tests.support.reach import County, Reader

#: What tells a phone its token, and with it what it lacks.
_SIGNS_IN = ("application/json", "application/x-ndjson")
_READABLE = ("text/", "application/geo+json", "application/problem+json", *_SIGNS_IN)
#: Workbooks, Word documents and packages: files of text in a ZIP.
_ARCHIVES = ("application/zip", "application/vnd.openxmlformats-officedocument.")
_TEXTS = (".xml", ".csv", ".json", ".jsonl", ".geojson", ".html", ".txt", ".md")
#: What is said of a database, or a table of it, that a test has taken away.
_NOT_THERE = ("unable to open database file", "no such table", "does not exist")


class Eye:
    """Tells of what was told to whom it is not for; a test that made it happen fails at its end."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._read = 0
        self._file.touch()

    def look(self, app: Flask, response: Response) -> None:
        """Look at one answer, or, where it is sent piece by piece, before its last piece."""
        if (ctx := app.extensions.get("fieldsvc")) is None:
            return
        if not (response.mimetype or "").startswith(_READABLE + _ARCHIVES):
            return
        asked = _Asked(
            f"{request.method} {request.path}",
            f"{request.full_path} {' '.join(_sent())}",
            g.get("actor"),
            request.headers.get("Authorization", "").partition(" ")[2],
        )
        if asked.by_nobody and not (response.mimetype or "").startswith(_SIGNS_IN):
            return
        if response.is_streamed:
            response.response = self._passing(ctx.db.url, asked, response.response, response.content_encoding)
        else:
            self._at(ctx.db.url, asked, response.content_encoding, response.get_data())

    def _passing(self, url: str, asked: _Asked, pieces: Iterable[Any], encoding: str | None) -> Iterator[Any]:
        """The pieces as they pass, each when the next is there: all are looked at before the last is sent."""
        held, last = bytearray(), b""
        try:
            for piece in pieces:
                if last:
                    yield last
                last = piece.encode() if isinstance(piece, str) else piece
                held += last
        finally:
            if hasattr(pieces, "close"):
                pieces.close()
        self._at(url, asked, encoding, bytes(held))
        yield last

    def _at(self, url: str, asked: _Asked, encoding: str | None, data: bytes) -> None:
        try:
            with reach.county_at(url) as county:
                text = _readable(_unpacked(encoding, data))
                reader = asked.reader(county, text)
                if reader is not None:
                    self._compare(county, reader, asked, text)
        except DBAPIError as error:
            # A test may have taken the database away, or a table of it: of one that is not there nobody is told any.
            if outage(error) is None and not any(words in str(error.orig) for words in _NOT_THERE):
                self._tells(f"{asked.what} was not looked at: {error.orig}")

    def _tells(self, line: str) -> None:
        with self._file.open("ab", buffering=0) as file:
            file.write(f"{' '.join(line.split())}\n".encode(errors="replace"))

    def _compare(self, county: County, reader: Reader, asked: _Asked, text: str) -> None:
        told = {word: of for word, of in county.told(reader.feed, text).items() if word not in asked.said}
        if not told:
            return
        reached = county.reached(reader, set().union(*told.values()))
        page, around = _page(text)
        taken, answers = _taken_away(page), _answers(page)
        beside = around + json.dumps(_without_answers(page)) if answers else text
        for word in sorted(word for word, subjects in told.items() if not subjects & reached and word not in taken):
            own = word not in beside and all(
                county.said_in(reader, operation, word) for operation, one in answers if word in json.dumps(one)
            )
            if not own:
                self._tells(f"{asked.what} tells {reader.person} of {word}")

    def forget(self) -> list[str]:
        """What was told to whom it is not for, since this was asked last."""
        if self._file.stat().st_size == self._read:
            return []
        with self._file.open("rb") as file:
            file.seek(self._read)
            lines = file.read()
        self._read += len(lines)
        return lines.decode().splitlines()


@dataclass(frozen=True)
class _Asked:
    """What was asked, the words it named itself, and by whom: a desk's actor, or a phone's token."""

    what: str
    said: str
    actor: Any
    token: str

    @property
    def by_nobody(self) -> bool:
        """Whether whoever asked was not known yet."""
        return self.actor is None and not self.token

    def reader(self, county: County, answered: str) -> Reader | None:
        """Who is told; one who was not known yet may be by the answer."""
        if self.actor is not None:
            areas = tuple(role.area_path for role in self.actor.roles if role.name in reach.AT_A_DESK)
            return Reader(self.actor.person_id, self.actor.feed_id, areas, at_a_desk=True)
        token = self.token or _json(answered.partition("\n")[0]).get("token")
        return county.phone(token) if isinstance(token, str) else None


def _sent() -> list[str]:
    """The words of a page's form; of one too large to be read nothing was heard."""
    try:
        return list(request.form.values())
    except RequestEntityTooLarge:
        return []


def _unpacked(encoding: str | None, data: bytes) -> bytes:
    match encoding:
        case "gzip":
            return gzip.decompress(data)
        case "br":
            return bytes(brotli.decompress(data))
    return data


def _readable(data: bytes) -> str:
    """The text of an answer; of an archive, that of all its files of text."""
    if not data.startswith(b"PK\x03\x04"):
        return data.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        texts = [name for name in archive.namelist() if name.endswith(_TEXTS)]
        return "\n".join(archive.read(name).decode(errors="replace") for name in texts)


def _json(text: str) -> dict[str, Any]:
    """An object, or nothing."""
    try:
        read = json.loads(text)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _page(text: str) -> tuple[dict[str, Any], str]:
    """What a phone takes as a page, which may be a line among others, and the others; nothing, where there is none."""
    if page := _json(text):
        return page, ""
    lines = text.splitlines()
    for line in lines:
        if line.startswith('{"page":'):
            return _json(line)["page"], "\n".join(one for one in lines if one is not line)
    return {}, text


def _operation(notice: Any) -> str | None:
    """The operation whose author a notice tells what became of it."""
    if not isinstance(notice, dict):
        return None
    match notice.get("kind"):
        case "verdict":
            return str(notice["receipt"]["id"])
        case "approval" | "return":
            return str(notice["submission"])
    return None


def _answers(page: dict[str, Any]) -> list[tuple[str, Any]]:
    """What tells of one's own operations, each with its operation: it may tell what that had named."""
    receipts = [(one["id"], one) for one in page.get("receipts") or () if isinstance(one, dict)]
    later = [(of, notice) for notice in page.get("notices") or () if (of := _operation(notice))]
    return receipts + later


def _without_answers(page: dict[str, Any]) -> dict[str, Any]:
    notices = [notice for notice in page.get("notices") or () if not _operation(notice)]
    return {**page, "receipts": [], "notices": notices}


def _taken_away(page: dict[str, Any]) -> set[str]:
    """What a phone is told to let go of, or that another has it now, and nothing else of it: it must know which."""
    scope = page.get("scope")
    subjects = set(scope.get("remove") or ()) if isinstance(scope, dict) else set()
    notices = [one for one in page.get("notices") or () if isinstance(one, dict)]
    subjects |= {one["subject"] for one in notices if one.get("kind") == "handover"}
    bare = {"deleted": True, "properties": {}, "label": "", "by": ""}
    return subjects | {
        one["id"] for one in page.get("changes") or () if isinstance(one, dict) and one.items() >= bare.items()
    }
