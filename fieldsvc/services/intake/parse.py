"""One operation's bytes, read: its kind, its subject, what it says; or the problem with it.

Nothing here looks anything up. What passes is safe to walk: bounded, shallow, and free of text a database refuses.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from fieldsvc.problems import OperationMalformed, OperationTooLarge, Problem

KINDS = ("submission", "edit", "withdrawal", "feedback", "view")
_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_:.-]{0,63}")
_NAME = re.compile(r"[A-Za-z_][0-9A-Za-z_.-]{0,63}")
DEEPEST = 40
_LARGEST = 2**53
MOST_FEEDBACK = 4000
MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation as its author froze it. `document` is the parsed body."""

    id: str
    kind: str
    body: bytes
    sha256: str
    author: str
    subject: str
    cursor: str | None
    created_at: int | None
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An operation nobody can act on; the bytes are kept all the same."""

    id: str
    body: bytes
    sha256: str
    problem: Problem


def parse(operation_id: str, text: str, most_bytes: int) -> Operation | Unreadable:
    """The operation in this text."""
    body = text.encode(errors="surrogatepass")
    sha256 = hashlib.sha256(body).hexdigest()
    try:
        return _read(operation_id, body, sha256, most_bytes)
    except Problem as problem:
        return Unreadable(operation_id, body, sha256, problem)


def is_id(value: Any) -> bool:
    """Whether this can be the id of something."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def _read(operation_id: str, body: bytes, sha256: str, most_bytes: int) -> Operation:
    if len(body) > most_bytes:
        raise OperationTooLarge
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise OperationMalformed("The body is not JSON.") from None
    _need(isinstance(document, dict), "The body is not an object.")
    _check_text(body, document)
    _need(document.get("id") == operation_id, "The id in the body is another one.")
    kind = document.get("kind")
    _need(kind in KINDS, "The kind is unknown.")
    _need(is_id(document.get("author")), "The author is missing.")
    cursor, created_at = document.get("cursor"), document.get("created_at")
    _need(cursor is None or (isinstance(cursor, str) and len(cursor) < 400), "The cursor is not text.")
    _need(created_at is None or _is_count(created_at), "created_at is not a time.")
    subject = _CHECKS[kind](document)
    return Operation(operation_id, kind, body, sha256, document["author"], subject, cursor, created_at, document)


def _check_text(body: bytes, document: Any) -> None:
    """Refuse what cannot be stored or walked: too deep, or a NUL, which PostgreSQL refuses and SQLite does not."""
    look_for_nul = b"\\u0000" in body
    rest: list[tuple[Any, int]] = [(document, 0)]
    while rest:
        value, depth = rest.pop()
        if depth > DEEPEST:
            raise OperationMalformed("The body nests too deep.")
        if isinstance(value, dict):
            if look_for_nul:
                rest.extend((key, depth + 1) for key in value)
            rest.extend((each, depth + 1) for each in value.values())
        elif isinstance(value, list):
            rest.extend((each, depth + 1) for each in value)
        elif look_for_nul and isinstance(value, str) and "\x00" in value:
            raise OperationMalformed("The body holds a NUL character.")


def _submission(document: Mapping[str, Any]) -> str:
    for name in ("form", "version"):
        _need(is_id(document.get(name)), f"{name} is missing or no text.")
    _need(is_id(document.get("subject")), "The subject is missing.")
    _need(isinstance(document.get("answers"), dict), "The answers are missing.")
    _need(isinstance(document.get("context", {}), dict), "The context is not an object.")
    _need(isinstance(document.get("reasons") or {}, dict), "The reasons are not an object.")
    _need(document.get("replaces") is None or is_id(document["replaces"]), "replaces is not an id.")
    for name in ("started_at", "ended_at"):
        _need(document.get(name) is None or _is_count(document[name]), f"{name} is not a time.")
    entities = document.get("entities") or []
    _need(isinstance(entities, list) and len(entities) <= 500, "entities is not a list.")
    for entry in entities:
        _need(isinstance(entry, dict) and is_id(entry.get("id")), "An entity has no id.")
        _need(isinstance(entry.get("path"), str), "An entity has no path.")
        _check_base(entry)
    return str(document["subject"])


def _edit(document: Mapping[str, Any]) -> str:
    _need(is_id(document.get("entity")), "The entity is missing.")
    _need(is_id(document.get("subject")), "The subject is missing.")
    _check_base(document)
    _check_values("changes", document.get("changes", {}))
    return str(document["subject"])


def _withdrawal(document: Mapping[str, Any]) -> str:
    _need(is_id(document.get("submission")), "The submission is missing.")
    _need(isinstance(document.get("reason") or "", str), "The reason is not text.")
    return str(document.get("subject") or "")


def _feedback(document: Mapping[str, Any]) -> str:
    text = document.get("text")
    _need(isinstance(text, str) and len(text.strip()) > 0 and len(text) <= MOST_FEEDBACK, "The text is no message.")
    return ""  # about the system, and about no household


def _view(document: Mapping[str, Any]) -> str:
    for name in ("subject", "entity"):
        _need(is_id(document.get(name)), f"The {name} is missing.")
    shown = document.get("properties")
    _need(isinstance(shown, list) and 0 < len(shown) <= MOST_SHOWN, "properties is not a list.")
    for name in shown or ():
        _need(isinstance(name, str) and _NAME.fullmatch(name) is not None, "A property name is impossible.")
    return str(document["subject"])


_CHECKS = {
    "submission": _submission,
    "edit": _edit,
    "withdrawal": _withdrawal,
    "feedback": _feedback,
    "view": _view,
}


def _check_base(entry: Mapping[str, Any]) -> None:
    _need(isinstance(entry.get("dataset"), str) and _NAME.fullmatch(entry["dataset"]) is not None, "dataset")
    for name in ("base_version", "trunk_version", "seen_version", "seen_base"):
        _need(entry.get(name) is None or _is_count(entry[name]), f"{name} is not a version.")
    _need(entry.get("branch_id") is None or is_id(entry["branch_id"]), "branch_id is not an id.")
    unseen = entry.get("unseen") or []
    _need(isinstance(unseen, list) and all(is_id(each) for each in unseen), "unseen is not a list of ids.")
    if entry.get("was") is not None:
        _check_values("was", entry["was"])
    for name in ("create", "delete"):
        _need(isinstance(entry.get(name, False), bool), f"{name} is neither true nor false.")


def _check_values(what: str, values: Any) -> None:
    _need(isinstance(values, dict) and len(values) <= 500, f"{what} is not an object.")
    for name, value in values.items():
        _need(_NAME.fullmatch(name) is not None, "A property name is impossible.")
        _need(value is None or isinstance(value, str), "A property value is neither text nor null.")


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _LARGEST


def _need(condition: object, complaint: str) -> None:
    if not condition:
        raise OperationMalformed(complaint)
