"""An eye on every answer of every test: nobody is told of a record, visit or dispute out of their reach.

It sits in Flask's own signal, so that no test can forget it, and reads over a connection of its own, so that tests
which count statements are not disturbed. It decides by the rows alone and asks none of the server's own rules, which
are what it watches. What it knows by: ids of records, visits and disputes, and the identity numbers of test people
(prefix 99). It reads pages, problems, tables and archives, also those that are sent piece by piece. It looks where the
database is an SQLite file and the answer is made in the test's own thread; other processes, threads and PostgreSQL
answer from the same code.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import sqlite3
import threading
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import brotli
import pytest
from flask import Flask, Response, g, request, request_finished
from sqlalchemy.engine import make_url
from werkzeug.exceptions import RequestEntityTooLarge

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NUMBER = re.compile(r"\b99\d{15}[\dX]\b")
_READABLE = ("text/", "application/json", "application/geo+json", "application/problem+json", "application/x-ndjson")
#: Workbooks, Word documents and packages: files of text in a ZIP.
_ARCHIVES = ("application/zip", "application/vnd.openxmlformats-officedocument.")
_TEXTS = (".xml", ".csv", ".json", ".jsonl", ".geojson", ".html", ".txt", ".md")
#: What SQLite says of a database, or a table of it, that a test has taken away.
_NOT_THERE = ("unable to open database file", "no such table")
#: Whoever reviews somewhere sits at a desk; a phone reads also where its person checks.
_AT_A_DESK = {"supervisor", "administrator"}
_BY_PHONE = _AT_A_DESK | {"checker"}
_AT_ONCE = 500
#: Where whole counties are played. Faults, browsers and simulators have the same answers from other processes.
WATCHED = {"api", "office", "scenarios", "security"}


@dataclass(frozen=True)
class Reader:
    """Who is told: a person of a county, and the areas all of which they may read."""

    person: str
    feed: str
    areas: tuple[str, ...]
    at_a_desk: bool


class County:
    """What one database knows, opened for one look: a county may be set back to another file between two."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def phone(self, token: str) -> Reader | None:
        """Whose phone carries this token."""
        asked = "select person_id, feed_id from devices where token_sha256 = ?"
        row = self._db.execute(asked, (hashlib.sha256(token.encode()).hexdigest(),)).fetchone()
        if row is None:
            return None
        asked = """select r.role, a.path from roles r join areas a on a.id = r.area_id
            where r.person_id = ? and r.to_at is null"""
        areas = tuple(path for role, path in self._db.execute(asked, row[:1]) if role in _BY_PHONE)
        person, feed = row
        return Reader(person, feed, areas, at_a_desk=False)

    def told(self, feed: str, text: str) -> dict[str, set[str]]:
        """The telling words in a text, with the subjects that each tells of."""
        found: dict[str, set[str]] = defaultdict(set)
        ids = sorted(set(_ID.findall(text)))
        for table in ("entities", "submissions", "conflicts"):
            for one, subject in self._among(f"select id, subject_id from {table} where feed_id = ?", feed, "id", ids):
                found[one].add(subject)
        numbers = set(_NUMBER.findall(text))
        if numbers:
            asked = "select subject_id, properties from entities where feed_id = ? and instr(properties, '99')"
            for subject, properties in self._db.execute(asked, (feed,)):
                for number in numbers.intersection(_NUMBER.findall(properties)):
                    found[number].add(subject)
        return found

    def reached(self, reader: Reader, subjects: set[str]) -> set[str]:
        """Those of these subjects that they may read: in an area of theirs, or held by them now."""
        asked = """select e.id, coalesce(b.path, a.path, '/') from entities e left join areas a on a.id = e.area_id
            left join areas b on b.id = a.merged_into_id where e.feed_id = ?"""
        paths = self._among(asked, reader.feed, "e.id", sorted(subjects))
        within = {one for one, path in paths if path.startswith(reader.areas)}
        if reader.at_a_desk:
            return within
        asked = "select subject_id from scope where feed_id = ? and person_id = ? and revoked_pos is null"
        return within | {one for (one,) in self._db.execute(asked, (reader.feed, reader.person))}

    def said_in(self, reader: Reader, operation: str, word: str) -> bool:
        """Whether this operation is their own and names this, or this is the dispute about what it said."""
        asked = """select 1 from operations o where feed_id = ? and author_id = ? and id = ?
            and (id = ? or instr(body, cast(? as blob)) > 0
                 or exists (select 1 from conflicts where candidate_operation_id = o.id and id = ?))"""
        given = (reader.feed, reader.person, operation, word, word, word)
        return self._db.execute(asked, given).fetchone() is not None

    def _among(self, asked: str, feed: str, name: str, ids: list[str]) -> Iterator[tuple[Any, ...]]:
        for at in range(0, len(ids), _AT_ONCE):
            some = ids[at : at + _AT_ONCE]
            yield from self._db.execute(f"{asked} and {name} in ({','.join('?' * len(some))})", (feed, *some))


class Eye:
    """Collects what was told to whom it is not for; a test that made it happen fails at its end."""

    def __init__(self) -> None:
        self._seen: list[str] = []
        self.looked = 0

    def look(self, app: Flask, response: Response) -> None:
        """Look at one answer, or, where it is sent piece by piece, at its end."""
        if threading.current_thread() is not threading.main_thread() or (file := _file(app)) is None:
            return
        if not (response.mimetype or "").startswith(_READABLE + _ARCHIVES):
            return
        asked = _Asked(
            f"{request.method} {request.path}",
            f"{request.full_path} {' '.join(_sent())}",
            g.get("actor"),
            request.headers.get("Authorization", "").removeprefix("Bearer "),
        )
        if response.is_streamed:
            response.response = self._passing(file, asked, response.response, response.content_encoding)
        else:
            self._at(file, asked, _unpacked(response.content_encoding, response.get_data()))

    def _passing(self, file: Path, asked: _Asked, pieces: Iterable[Any], encoding: str | None) -> Iterator[Any]:
        """The pieces as they pass, looked at once the last has."""
        held = bytearray()
        try:
            for piece in pieces:
                held += piece.encode() if isinstance(piece, str) else piece
                yield piece
        finally:
            if hasattr(pieces, "close"):
                pieces.close()
        self._at(file, asked, _unpacked(encoding, bytes(held)))

    def _at(self, file: Path, asked: _Asked, data: bytes) -> None:
        try:
            with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
                county = County(db)
                reader = asked.reader(county)
                if reader is not None:
                    self.looked += 1
                    self._compare(county, reader, asked, data)
        except sqlite3.OperationalError as error:
            # A test may have taken the database away, or a table of it: of one that is not there nobody is told any.
            if not str(error).startswith(_NOT_THERE):
                self._seen.append(f"{asked.what} was not looked at: {error}")

    def _compare(self, county: County, reader: Reader, asked: _Asked, data: bytes) -> None:
        text = _readable(data)
        told = {word: of for word, of in county.told(reader.feed, text).items() if word not in asked.said}
        if not told:
            return
        reached = county.reached(reader, set().union(*told.values()))
        page = _page(text)
        taken, answers = _taken_away(page), _answers(page)
        beside = json.dumps({**page, "receipts": [], "notices": _without_verdicts(page)}) if answers else text
        for word in sorted(word for word, subjects in told.items() if not subjects & reached and word not in taken):
            own = word not in beside and all(
                county.said_in(reader, one["id"], word) for one in answers if word in json.dumps(one)
            )
            if not own:
                self._seen.append(f"{asked.what} tells {reader.person} of {word}")

    def forget(self) -> list[str]:
        """What was told to whom it is not for, since this was asked last."""
        seen, self._seen = self._seen, []
        return seen


@dataclass(frozen=True)
class _Asked:
    """What was asked, the words it named itself, and by whom: a desk's actor, or a phone's token."""

    what: str
    said: str
    actor: Any
    token: str

    def reader(self, county: County) -> Reader | None:
        """Who is told."""
        if self.actor is not None:
            areas = tuple(role.area_path for role in self.actor.roles if role.name in _AT_A_DESK)
            return Reader(self.actor.person_id, self.actor.feed_id, areas, at_a_desk=True)
        return county.phone(self.token) if self.token else None


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


def _page(text: str) -> dict[str, Any]:
    """An answer to a phone, or nothing."""
    try:
        page = json.loads(text)
    except ValueError:
        return {}
    return page if isinstance(page, dict) else {}


def _is_verdict(notice: Any) -> bool:
    return isinstance(notice, dict) and notice.get("kind") == "verdict"


def _answers(page: dict[str, Any]) -> list[dict[str, Any]]:
    """The receipts of a page: each tells what its own operation had named."""
    later = [notice["receipt"] for notice in page.get("notices") or () if _is_verdict(notice)]
    return [one for one in [*(page.get("receipts") or ()), *later] if isinstance(one, dict)]


def _without_verdicts(page: dict[str, Any]) -> list[Any]:
    return [notice for notice in page.get("notices") or () if not _is_verdict(notice)]


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


def _file(app: Flask) -> Path | None:
    ctx = app.extensions.get("fieldsvc")
    url = make_url(ctx.settings.database_url) if ctx is not None else None
    if url is None or not url.drivername.startswith("sqlite") or not url.database:
        return None
    file = Path(url.database)
    return file if file.exists() else None


@pytest.fixture(scope="session")
def eye() -> Iterator[Eye]:
    """The eye itself, for tests that show it something."""
    eye = Eye()
    with request_finished.connected_to(eye.look):
        yield eye


@pytest.fixture(autouse=True)
def _nobody_is_told_of_strangers(eye: Eye, request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    seen = eye.forget()
    assert not seen or request.path.parent.name not in WATCHED, "\n".join(seen)
